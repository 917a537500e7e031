-- The page of an agent lists the receipts of its own connections.
create index receipt_agent on connectors.receipt (agent_id, revoked_at desc) where agent_id is not null;
