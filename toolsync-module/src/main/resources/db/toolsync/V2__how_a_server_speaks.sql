alter table toolsync.catalog
    add column era text,
    add column wire text,
    add column dropped json not null default '[]',
    add column fresh_until timestamptz;
