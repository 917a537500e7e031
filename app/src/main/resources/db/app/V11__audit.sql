-- One row per event, in the order of the event store. The trail is a projection: it can be rebuilt from the events.
create table app.audit_entry (
    position     bigint primary key,
    event_id     text        not null unique,
    at           timestamptz not null,
    event        text        not null,
    actor        text        not null,
    source       text,
    correlation  text,
    connector_id uuid,
    agent_id     uuid,
    attempt      uuid,
    sentence     text        not null,
    facts        json        not null
);
create index audit_entry_connector on app.audit_entry (connector_id, position) where connector_id is not null;
create index audit_entry_agent on app.audit_entry (agent_id, position) where agent_id is not null;
create index audit_entry_attempt on app.audit_entry (attempt, position) where attempt is not null;
create index audit_entry_actor on app.audit_entry (actor, position);
create index audit_entry_event on app.audit_entry (event, position);
create index audit_entry_at on app.audit_entry (at);

-- Whose attempt it is, so that events of the lower modules are found by connector and agent.
create table app.audit_subject (
    attempt      uuid primary key,
    connector_id uuid not null,
    agent_id     uuid
);

-- The latest name of everything the trail speaks of, also of what was removed.
create table app.audit_name (
    kind text not null,
    id   uuid not null,
    name text not null,
    gone boolean not null default false,
    primary key (kind, id)
);
