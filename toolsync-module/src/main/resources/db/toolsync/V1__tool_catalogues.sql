create table toolsync.catalog (
    catalog_id text primary key,
    latest_sync uuid not null,
    tools integer not null default 0,
    last_synced_at timestamptz,
    protocol_version text,
    server_name text,
    server_version text,
    trouble text,
    trouble_detail text,
    empty_list_withheld boolean not null default false
);

create table toolsync.tool (
    catalog_id text not null,
    -- "C": an order that is the same on every machine and served by the primary key
    name text collate "C" not null,
    title text,
    description text,
    -- json, not jsonb: a definition is given on as it came
    definition json not null,
    first_seen_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (catalog_id, name)
);
