-- Sealed secrets. A shredded one keeps its row and fingerprint, so that the history still says which secret it was.
create table credentials.secret (
    id          uuid primary key,
    purpose     text        not null,
    wrapped_key bytea,
    key_id      text        not null,
    ciphertext  bytea,
    fingerprint text        not null,
    created_at  timestamptz not null default now(),
    shredded_at timestamptz,
    check ((shredded_at is null) = (wrapped_key is not null)),
    check ((wrapped_key is null) = (ciphertext is null))
);
-- Re-wrapping under a new master key walks the live secrets of an old one.
create index secret_by_key on credentials.secret (key_id, id) where shredded_at is null;

create table credentials.fingerprint_key (
    id          smallint primary key check (id = 1),
    wrapped_key bytea       not null,
    key_id      text        not null,
    created_at  timestamptz not null default now()
);

-- What is in force. Follows the events in their own transactions; only lease and cool-down are its own.
create table credentials.credential (
    id                  uuid primary key,
    kind                text        not null,
    state               text        not null,
    generation          bigint      not null,
    access_id           uuid        not null references credentials.secret (id),
    access_fingerprint  text        not null,
    refresh_id          uuid references credentials.secret (id),
    refresh_fingerprint text,
    header_name         text,
    issued_at           timestamptz not null,
    refreshed_at        timestamptz,
    expires_at          timestamptz,
    scope               text,
    issuer              text,
    lease_owner         text,
    lease_since         timestamptz,
    lease_until         timestamptz,
    cooldown_until      timestamptz,
    failure             text,
    failure_detail      text
);

create table credentials.credential_use (
    id             bigint generated always as identity primary key,
    credential_id  uuid        not null references credentials.credential (id),
    generation     bigint      not null,
    at             timestamptz not null default now(),
    used_by        text        not null,
    purpose        text        not null,
    source_address text
);
create index credential_use_newest on credentials.credential_use (credential_id, at desc);
