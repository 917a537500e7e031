-- The keys by which our client signs, for as long as their public halves are published. Private keys are in the vault.
create table oauth.signing_key (
    key_id      text primary key,
    public_key  jsonb not null,
    private_key jsonb not null,
    created_at  timestamptz not null,
    retires_at  timestamptz
);
