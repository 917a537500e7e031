-- db-scheduler's table: effects waiting for their turn, and deadlines.
create table app.scheduled_tasks (
    task_name            text        not null,
    task_instance        text        not null,
    task_data            bytea,
    execution_time       timestamptz not null,
    picked               boolean     not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures int,
    last_heartbeat       timestamptz,
    version              bigint      not null,
    priority             smallint,
    primary key (task_name, task_instance)
);
create index on app.scheduled_tasks (execution_time);
create index on app.scheduled_tasks (last_heartbeat);

-- Effects that tried for the last time. Their failure is recorded in the event store; this is for the page of jobs.
create table app.given_up_job (
    id       bigint generated always as identity primary key,
    effect   text        not null,
    instance text        not null,
    attempts int         not null,
    cause    text        not null,
    at       timestamptz not null default now()
);
