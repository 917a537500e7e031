-- Whose account each connection is, as the provider told, and whose is expected in each slot.
alter table connectors.connection
    add column account jsonb,
    -- While an admin is asked about another account: the one expected.
    add column held jsonb;

create table connectors.expected_account (
    connector_id uuid not null,
    -- Null: the shared slot.
    agent_id uuid,
    -- What an admin said: subject, e-mail address or user name.
    named text,
    -- That of the connection before.
    former jsonb,
    unique nulls not distinct (connector_id, agent_id)
);
