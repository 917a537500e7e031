-- Rows of our own events are written in the event's transaction (connectors-state): names are unique at once, a revoked
-- key dies at once, and the page after a click shows what the click did. What comes from other modules' events
-- (credential, catalog, connector_tool) follows in connectors-views.

create table connectors.connector (
    connector_id uuid primary key,
    name text not null,
    name_key text not null,
    server_key text not null,
    url text not null,
    auth_type text not null,
    mode text not null,
    settings jsonb not null,
    removed boolean not null default false,
    created_at timestamptz not null
);
create unique index connector_name on connectors.connector (name_key) where not removed;
create unique index connector_server_key on connectors.connector (server_key) where not removed;

create table connectors.connection (
    connection_id uuid primary key,
    connector_id uuid not null,
    agent_id uuid,
    auth_type text not null,
    sync_tools boolean not null,
    state text not null,
    requested_at timestamptz not null,
    finished_at timestamptz,
    failure_code text,
    failure_detail text
);
create unique index connection_live on connectors.connection (connector_id, agent_id) nulls not distinct where state = 'LIVE';
create index connection_latest on connectors.connection (connector_id, requested_at desc);
create index connection_agent on connectors.connection (agent_id, connector_id, requested_at desc) where agent_id is not null;

-- What happened on the way of an attempt; the steps of the wait page are read off these.
create table connectors.connection_mark (
    connection_id uuid not null,
    mark text not null,
    at timestamptz not null,
    facts text,
    primary key (connection_id, mark)
);

create table connectors.agent (
    agent_id uuid primary key,
    name text not null,
    name_key text not null,
    description text not null,
    removed boolean not null default false,
    created_at timestamptz not null
);
create unique index agent_name on connectors.agent (name_key) where not removed;

create table connectors.agent_key (
    key_id uuid primary key,
    agent_id uuid not null,
    hash text not null unique,
    created_at timestamptz not null,
    last_used_at timestamptz
);
create index agent_key_agent on connectors.agent_key (agent_id);

create table connectors.agent_tool (
    agent_id uuid not null,
    connector_id uuid not null,
    name text not null,
    primary key (agent_id, connector_id, name)
);

create table connectors.credential (
    connection_id uuid primary key,
    expires_at timestamptz,
    refreshable boolean not null,
    needs_consent boolean not null default false,
    failure_code text,
    failure_detail text
);

create table connectors.catalog (
    connector_id uuid primary key,
    tools int not null default 0,
    last_synced_at timestamptz,
    failure_code text,
    failure_detail text,
    failed_at timestamptz
);

create table connectors.connector_tool (
    connector_id uuid not null,
    name text not null,
    primary key (connector_id, name)
);

-- What an agent asked for and was answered, written before the answer is sent. Holds no secret.
create table connectors.agent_call (
    call_id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    agent_id uuid not null,
    what text not null,
    outcome text not null,
    connector_id uuid,
    connection_id uuid,
    source text
);
create index agent_call_latest on connectors.agent_call (agent_id, call_id desc);

create view connectors.connector_line as
select c.*,
       live.connections as live_connections,
       live.needs_consent,
       live.shared_connection,
       live.expires_at,
       live.needing_consent,
       live.expiring,
       coalesce(catalog.tools, 0) as tool_count,
       catalog.last_synced_at,
       case when attempt.failed then attempt.failure_code
            when live.refresh_failure is not null then live.refresh_failure[1]
            else catalog.failure_code end as failure_code,
       case when attempt.failed then attempt.failure_detail
            when live.refresh_failure is not null then live.refresh_failure[2]
            else catalog.failure_detail end as failure_detail
  from connectors.connector c
  left join connectors.catalog catalog on catalog.connector_id = c.connector_id
 cross join lateral (
       select count(*)::int as connections,
              coalesce(bool_or(k.needs_consent), false) as needs_consent,
              (count(*) filter (where k.needs_consent))::int as needing_consent,
              -- A week is time enough for somebody to connect again.
              (count(*) filter (where not k.refreshable and not k.needs_consent
                                  and k.expires_at < now() + interval '7 days'))::int as expiring,
              -- While the old token lives, a provider out of reach (CLV-402) is nobody's trouble yet.
              min(array[k.failure_code, k.failure_detail])
                  filter (where k.failure_code is not null
                            and (k.failure_code <> 'CLV-402' or k.expires_at <= now())) as refresh_failure,
              (array_agg(x.connection_id) filter (where x.agent_id is null))[1] as shared_connection,
              min(k.expires_at) filter (where x.agent_id is null and not k.refreshable) as expires_at
         from connectors.connection x
         left join connectors.credential k on k.connection_id = x.connection_id
        where x.connector_id = c.connector_id and x.state = 'LIVE') live
  left join lateral (
       -- A later listing, good or bad, says more about how things stand than an attempt that failed before it.
       select x.state = 'FAILED'
                  and x.finished_at >= coalesce(catalog.last_synced_at, '-infinity')
                  and x.finished_at >= coalesce(catalog.failed_at, '-infinity') as failed,
              x.failure_code, x.failure_detail
         from connectors.connection x
        where x.connector_id = c.connector_id
        order by x.requested_at desc
        limit 1) attempt on true;
