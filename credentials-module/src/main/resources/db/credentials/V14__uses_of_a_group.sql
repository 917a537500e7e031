-- A use is only ever inserted from the row of its credential, and credentials are never deleted: the foreign key says
-- nothing new, and looked up and locked that row again for every single use.
alter table credentials.credential_use drop constraint credential_use_credential_id_fkey;

-- As record_use for many at once: each is written down only if its credential is still the row that the asker has read
-- (xmin changes with every change of a row, and the access token is compared as well, since a database that was restored
-- numbers its transactions anew), in force, and nothing of it frozen. Answers the places, from 1, of those that are.
-- After the gate, so that what it sees is what was there once no freeze was under way.
create function credentials.record_uses(
        ids uuid[], row_versions xid[], access_ids uuid[], actors text[], purposes text[], sources text[]) returns int[]
    language plpgsql as $$
declare
    recorded int[];
begin
    perform credentials.pass_freeze_gate();
    with fit as materialized (
        select u.place, c.id, c.generation, u.actor, u.purpose, u.source
          from unnest(ids, row_versions, access_ids, actors, purposes, sources) with ordinality
               as u (id, row_version, access_id, actor, purpose, source, place)
          join credentials.credential c on c.id = u.id and c.xmin = u.row_version and c.access_id = u.access_id
         where c.state = 'ACTIVE'
           and not (exists (select from credentials.freeze_scope) and credentials.is_frozen(c.id, c.issuer, u.actor))),
    used as (
        insert into credentials.credential_use (credential_id, generation, used_by, purpose, source_address)
        select id, generation, actor, purpose, source from fit)
    select array_agg(place) into recorded from fit;
    return coalesce(recorded, '{}');
end $$;
