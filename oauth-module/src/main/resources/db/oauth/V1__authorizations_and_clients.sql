-- Where every authorization stands, with what callback, refresh and revocation need of it. The jsonb columns hold the
-- events of its steps as they were; secrets are in the vault, here are only references.
create table oauth.authorization (
    authorization_id uuid primary key,
    stage            text  not null,
    failure_code     text,
    bound_to         text  not null,
    return_to        text  not null,
    state_hash       text unique,
    started          jsonb not null,
    metadata         jsonb,
    client           jsonb,
    consent          jsonb,
    granted_scope    text,
    access_token     jsonb,
    refresh_token    jsonb
);

-- Our clients: one per issuer and redirect URI, reused by every connector and kept for refresh.
create table oauth.client_registration (
    registration_id          uuid primary key,
    issuer                   text  not null,
    redirect_uri             text  not null,
    client_secret_expires_at timestamptz,
    registered               jsonb not null,
    unique (issuer, redirect_uri)
);
