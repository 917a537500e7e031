-- One row per credential that is watched, written in the transaction of what happened: it decides which check is due.
create table toolsync.health (
    health_id text primary key,
    catalog_id text not null,
    credential_id text not null,
    server_url text not null,
    headers json not null,
    header_name text,
    keeps_tools boolean not null,
    -- Number of the check that is due; a job with another number was overtaken.
    number bigint not null default 1,
    -- Checks in a row that found no good.
    failures integer not null default 0,
    due_at timestamptz not null,
    checked_at timestamptz,
    proved_at timestamptz,
    state text,
    since timestamptz,
    cause_code text,
    cause_detail text
);

-- What a listing proves at a server: whether it lists its tools to anybody.
create table toolsync.listing_proof (
    catalog_id text primary key,
    header_name text not null,
    without_credential text not null,
    with_wrong text not null,
    proves boolean not null,
    found_out_at timestamptz not null
);

-- When the next check at a server may begin, whichever node makes it.
create table toolsync.server_turn (
    server text primary key,
    next_at timestamptz not null
);
