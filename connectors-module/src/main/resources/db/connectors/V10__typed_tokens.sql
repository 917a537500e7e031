-- The sealed token that was typed for an attempt, until a credential refers to it.
alter table connectors.connection add column token_id uuid;
