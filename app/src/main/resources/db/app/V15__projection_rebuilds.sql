-- Which process has a projection to itself, for the moment in which it is set back to the first event.
create table app.projection_rebuild (
    processor text        primary key,
    node      text        not null,
    begun_at  timestamptz not null default now()
);
