-- Freezes as pages show them, and which of the processes that lived when it began has nothing of before in hand any more.
create table app.freeze (
    freeze_id   uuid primary key,
    subject     text        not null,
    reason      text        not null,
    frozen_at   timestamptz not null default clock_timestamp(),
    thawed_at   timestamptz,
    thaw_reason text
);
create index freeze_newest on app.freeze (frozen_at desc);

create table app.freeze_node (
    freeze_id       uuid not null references app.freeze (freeze_id),
    node            text not null,
    acknowledged_at timestamptz,
    primary key (freeze_id, node)
);
create index freeze_unacknowledged on app.freeze_node (node) where acknowledged_at is null;
