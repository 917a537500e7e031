-- Who froze and who thawed; null: not recorded.
alter table app.freeze
    add column frozen_by text,
    add column thawed_by text;
update app.freeze f
   set frozen_by = (select e.meta_data ->> 'actor' from app.domain_event e
                     where e.aggregate_identifier = 'freeze:' || f.freeze_id and e.payload_type = 'credentials.Frozen' limit 1),
       thawed_by = (select e.meta_data ->> 'actor' from app.domain_event e
                     where e.aggregate_identifier = 'freeze:' || f.freeze_id and e.payload_type = 'credentials.Thawed' limit 1);
