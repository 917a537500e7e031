-- What happened, in order. Rows are never changed or deleted.
create table app.domain_event (
    global_index         bigint generated always as identity primary key,
    aggregate_identifier text   not null,
    sequence_number      bigint not null,
    type                 text,
    event_identifier     text   not null unique,
    meta_data            jsonb,
    payload              jsonb  not null,
    payload_revision     text,
    payload_type         text   not null,
    time_stamp           text   not null,
    unique (aggregate_identifier, sequence_number)
);

create table app.snapshot_event (
    aggregate_identifier text   not null,
    sequence_number      bigint not null,
    type                 text,
    event_identifier     text   not null unique,
    meta_data            jsonb,
    payload              jsonb  not null,
    payload_revision     text,
    payload_type         text   not null,
    time_stamp           text   not null,
    primary key (aggregate_identifier, sequence_number)
);

-- How far each event processor has come, and which node has which segment of it.
create table app.token_entry (
    processor_name text    not null,
    segment        integer not null,
    token          bytea,
    token_type     text,
    time_stamp     text,
    owner          text,
    primary key (processor_name, segment)
);

create table app.saga_entry (
    saga_id         text primary key,
    revision        text,
    saga_type       text,
    serialized_saga bytea
);

create table app.association_value_entry (
    id                bigint generated always as identity primary key,
    association_key   text,
    association_value text,
    saga_id           text,
    saga_type         text
);
create index on app.association_value_entry (saga_type, association_key, association_value);
create index on app.association_value_entry (saga_id, saga_type);

-- The processes that are alive; each writes its row every few seconds.
create table app.node (
    id      text primary key,
    seen_at timestamptz not null default now()
);
