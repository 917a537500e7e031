-- The one live connection of a connector for an agent, or for everybody, found by one equality: so a group of agents who
-- ask is answered by one join.
create unique index connection_live_of on connectors.connection (connector_id, coalesce(agent_id, connector_id))
    where state = 'LIVE';

-- Nobody looks for a call by its number; the oldest are found by their blocks, which costs an insertion next to nothing.
alter table connectors.agent_call drop constraint agent_call_pkey;
create index agent_call_oldest on connectors.agent_call using brin (at) with (autosummarize = on);
