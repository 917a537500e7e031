-- The one live connection of a connector for an agent, or for everybody, found by one equality: so a group of agents who
-- ask is answered by one join.
create index connection_live_of on connectors.connection (connector_id, coalesce(agent_id, connector_id))
    where state = 'LIVE';
