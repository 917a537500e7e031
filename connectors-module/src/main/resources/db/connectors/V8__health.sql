-- How the credential of each live connection was found at its last check, written in the transaction of what was found.
create table connectors.health (
    connection_id uuid primary key,
    -- null until the first check
    state text,
    since timestamptz,
    failure_code text,
    failure_detail text
);
create index health_state on connectors.health (state);
