-- Says together whether anything has changed on which an offer to an agent depends. Whoever remembers an offer compares
-- this before it counts. Each statement that changes something puts a new random number into one of the rows, one that no
-- other transaction is writing, so that nobody waits here for anybody.
create table connectors.offers_mark (
    place int generated always as identity primary key,
    mark bigint not null
);
insert into connectors.offers_mark (mark) values ((random() * 9007199254740992)::bigint);

create function connectors.offers_changed() returns trigger language plpgsql as '
declare
    fresh bigint := (random() * 9007199254740992)::bigint;
begin
    update connectors.offers_mark set mark = fresh
     where place = (select place from connectors.offers_mark limit 1 for update skip locked);
    if not found then
        insert into connectors.offers_mark (mark) values (fresh);
    end if;
    return null;
end ';

-- Of a key, when it was last used does not matter; of a connection, how its attempt went does not.
create trigger offers_changed after insert or delete or truncate or update of agent_id, removed
    on connectors.agent execute function connectors.offers_changed();
create trigger offers_changed after insert or delete or truncate or update of agent_id, hash
    on connectors.agent_key execute function connectors.offers_changed();
create trigger offers_changed after insert or delete or truncate or update
    on connectors.agent_tool execute function connectors.offers_changed();
create trigger offers_changed after insert or delete or truncate or update of state, connector_id, agent_id, issuer
    on connectors.connection execute function connectors.offers_changed();
create trigger offers_changed after insert or delete or truncate or update
    on connectors.connector execute function connectors.offers_changed();
create trigger offers_changed after insert or delete or truncate or update
    on connectors.freeze execute function connectors.offers_changed();
