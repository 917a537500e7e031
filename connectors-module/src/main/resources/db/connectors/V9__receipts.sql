-- Where a connection shows its credential; null for those made before this was kept.
alter table connectors.connection add column server_url text;
alter table connectors.connection add column headers jsonb;

-- One row for each credential that was revoked: what is done so that it is dead, and what was said to it.
create table connectors.receipt (
    connection_id    uuid primary key,
    connector_id     uuid        not null,
    agent_id         uuid,
    auth_type        text        not null,
    reason           text        not null,
    asked_by         text,
    revoked_at       timestamptz not null,
    server_url       text,
    headers          jsonb,
    issuer           text,
    token_expires_at timestamptz,
    provider_told    boolean     not null default false,
    shredded         boolean     not null default false,
    registration     text,
    client_id        text,
    fingerprints     jsonb       not null default '[]'
);
create index receipt_client on connectors.receipt (registration, client_id) where registration is not null;

create table connectors.receipt_step (
    connection_id uuid        not null references connectors.receipt (connection_id),
    name          text        not null,
    outcome       text        not null,
    detail        text        not null,
    at            timestamptz not null,
    tries         int         not null default 1,
    next_try      timestamptz,
    primary key (connection_id, name)
);
create index receipt_step_waiting on connectors.receipt_step (connection_id) where outcome = 'WAITING';
