-- Rotations of the master key and how far they are. At most one runs.
create table credentials.key_rotation (
    id       uuid primary key,
    dry_run  boolean     not null,
    to_key   text        not null,
    -- RUNNING, DONE, FAILED
    state    text        not null default 'RUNNING',
    -- How many live secrets there were to look at.
    expected bigint      not null,
    -- Secrets are walked in the order of their ids, again from the beginning while that finds more.
    pass     integer     not null default 1,
    cursor   uuid,
    trouble  text,
    began_at timestamptz not null default now(),
    ended_at timestamptz
);
create unique index key_rotation_running on credentials.key_rotation ((true)) where state = 'RUNNING';

-- What came of it, by the key that wrapped the secrets before.
create table credentials.key_rotation_part (
    rotation_id uuid   not null references credentials.key_rotation (id),
    from_key    text   not null,
    opened      bigint not null default 0,
    unreadable  bigint not null default 0,
    primary key (rotation_id, from_key)
);

-- Live secrets whose data key did not open; nothing is done to them.
create table credentials.unreadable_secret (
    rotation_id uuid not null references credentials.key_rotation (id),
    secret_id   uuid not null references credentials.secret (id),
    primary key (rotation_id, secret_id)
);

-- Since when nothing refers to the secret, as the sweep found it.
alter table credentials.secret add column orphan_since timestamptz;
create index secret_by_fingerprint on credentials.secret (fingerprint);
