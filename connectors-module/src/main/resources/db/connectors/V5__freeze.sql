-- What is frozen now, in the terms of this module: nothing of it is connected or listed. Follows the events of the freezes
-- in their own transactions. kind EVERYTHING with an empty target, ISSUER byte for byte, CONNECTOR and AGENT with the UUID.
create table connectors.freeze (
    freeze_id uuid primary key,
    kind      text not null,
    target    text not null
);
create index freeze_of on connectors.freeze (kind, target);
