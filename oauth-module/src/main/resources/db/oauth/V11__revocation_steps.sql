-- How far the revocation at the provider has come, the latest try of each step.
create table oauth.revocation_step (
    authorization_id uuid        not null,
    kind             text        not null,
    outcome          text        not null,
    primary key (authorization_id, kind)
);
-- When the tokens were revoked here: from then on the window runs in which the provider is told.
alter table oauth.authorization add column revoked_at timestamptz;
-- Tokens that came from a refresh that was under way when the credential was revoked.
alter table oauth.authorization add column late_access_token jsonb;
alter table oauth.authorization add column late_refresh_token jsonb;
