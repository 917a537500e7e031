-- Tokens that came for a credential that was revoked meanwhile: sealed until the provider has been told of them.
create table credentials.late_token (
    secret_id     uuid primary key references credentials.secret (id),
    credential_id uuid not null references credentials.credential (id),
    fingerprint   text not null
);
create index late_token_credential on credentials.late_token (credential_id);
