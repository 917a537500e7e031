-- A use is only ever inserted from the row of its credential, and credentials are never deleted: the foreign key says
-- nothing new, and looked up and locked that row again for every single use.
alter table credentials.credential_use drop constraint credential_use_credential_id_fkey;

-- Nobody looks for a use by its number; the oldest are found by their blocks, which costs an insertion next to nothing.
alter table credentials.credential_use drop constraint credential_use_pkey;
create index credential_use_oldest on credentials.credential_use using brin (at) with (autosummarize = on);

-- As record_use for many at once: each is written down only if its credential is still the row that the asker has read
-- (xmin changes with every change of a row), in force, and nothing of it frozen. Answers the places, from 1, of those that
-- are. After the gate, so that what it sees is what was there once no freeze was under way.
create function credentials.record_uses(
        ids uuid[], row_versions xid[], actors text[], purposes text[], sources text[]) returns int[]
    language plpgsql as $$
declare
    recorded int[];
begin
    perform credentials.pass_freeze_gate();
    with fit as materialized (
        select u.place, c.id, c.generation, u.actor, u.purpose, u.source
          from unnest(ids, row_versions, actors, purposes, sources) with ordinality
               as u (id, row_version, actor, purpose, source, place)
          join credentials.credential c on c.id = u.id and c.xmin = u.row_version
         where c.state = 'ACTIVE'
           and not (exists (select from credentials.freeze_scope) and credentials.is_frozen(c.id, c.issuer, u.actor))),
    used as (
        insert into credentials.credential_use (credential_id, generation, used_by, purpose, source_address)
        select id, generation, actor, purpose, source from fit)
    select array_agg(place) into recorded from fit;
    return coalesce(recorded, '{}');
end $$;
