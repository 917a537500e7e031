-- What stands between a key in a key management service and the data keys, so that no secret costs a request. Wrapped by
-- that key; whoever has only this database can open nothing with it.
create table credentials.key_encryption_key (
    id          text primary key,
    reference   text        not null unique,
    wrapped_key bytea       not null,
    created_at  timestamptz not null default now()
);
