alter table credentials.credential
    -- Refreshes of the token set in force that failed one after another, and since when; lease and cool-down of their own.
    add column failures integer not null default 0,
    add column failing_since timestamptz,
    -- When the refresh token dies unless it is used before; null: not known.
    add column refresh_expires_at timestamptz,
    -- When the job that refreshes it without being asked is due; null: none is wanted.
    add column refresh_due_at timestamptz;

-- Whoever has lost its job in former versions gets another.
update credentials.credential
   set refresh_due_at = expires_at
 where state = 'ACTIVE' and (refresh_id is not null or renewed_by_grant);

create index credential_refresh_due on credentials.credential (refresh_due_at)
    where state = 'ACTIVE' and refresh_due_at is not null;
create index credential_leased on credentials.credential (issuer) where lease_owner is not null;

-- When the background has been promised a turn; it is kept free for it.
alter table credentials.credential add column refresh_slot timestamptz;

-- How fast an authorization server may be asked, by all nodes together.
create table credentials.issuer_pace (
    issuer       text primary key,
    -- Nobody asks before, because it said so; pauses counts those that came one after another.
    paused_until timestamptz,
    pauses       integer     not null default 0,
    -- The next turn of the background that nobody has been promised.
    next_slot    timestamptz not null default now()
);
