-- What is frozen now and was once. What a freeze covers stands in freeze_scope only as long as it is in force, so that a
-- hand-out looks into a table that is nearly always empty.
create table credentials.freeze (
    id           uuid primary key,
    subject      text        not null,
    reason       text        not null,
    frozen_at    timestamptz not null default clock_timestamp(),
    thawed_at    timestamptz,
    thaw_reason  text
);
create index freeze_newest on credentials.freeze (frozen_at desc);

-- kind EVERYTHING with an empty target, ISSUER with the issuer byte for byte, CREDENTIAL with the UUID, ACTOR with the
-- actor of a use.
create table credentials.freeze_scope (
    kind      text not null,
    target    text not null,
    freeze_id uuid not null references credentials.freeze (id),
    primary key (kind, target, freeze_id)
);
create index freeze_scope_of on credentials.freeze_scope (freeze_id);

create index credential_by_issuer on credentials.credential (issuer) where state = 'ACTIVE';

-- The gate between uses and freezes: a use passes it shared, a freeze closes it until its commit. So a use is recorded
-- before the freeze's commit, or sees the freeze. Whoever records uses in another way locks it first, in a statement of
-- its own: a statement that waits in the middle sees what was there when it began.
create function credentials.pass_freeze_gate() returns void language sql as
$$ select pg_advisory_xact_lock_shared(5240071123) $$;

-- A process that hangs with the gate in its hand must not keep a freeze from coming: after two seconds it comes anyway.
create function credentials.close_freeze_gate() returns void language plpgsql as $$
begin
    perform set_config('lock_timeout', '2s', true);
    perform pg_advisory_xact_lock(5240071123);
    perform set_config('lock_timeout', '0', true);
exception when lock_not_available then
    null;
end $$;

create function credentials.is_frozen(credential_id uuid, credential_issuer text, actor text) returns boolean
    language sql stable as $$
    select exists (select from credentials.freeze_scope s
                    where (s.kind, s.target) in (('EVERYTHING', ''), ('ISSUER', credential_issuer),
                                                 ('CREDENTIAL', credential_id::text), ('ACTOR', actor))) $$;

-- Writes down one use, if the token set is in force and nothing of it frozen.
create function credentials.record_use(
        credential uuid, of_generation bigint, actor text, for_purpose text, source text) returns boolean
    language plpgsql as $$
begin
    perform credentials.pass_freeze_gate();
    insert into credentials.credential_use (credential_id, generation, used_by, purpose, source_address)
    select c.id, c.generation, actor, for_purpose, source from credentials.credential c
     where c.id = credential and c.generation = of_generation and c.state = 'ACTIVE'
       and not credentials.is_frozen(c.id, c.issuer, actor);
    return found;
end $$;
