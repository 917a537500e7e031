-- What “Will Connect work here?” found: reports of the last hour, and how many of them a person asked for.
create table connectors.preflight (
    preflight_id uuid primary key,
    asked_by text not null,
    url text not null,
    asked_at timestamptz not null,
    report jsonb
);
create index preflight_asked on connectors.preflight (asked_by, asked_at);
create index preflight_old on connectors.preflight (asked_at);
