-- Refresh tokens of identity providers: who exchanges one just now, and what came instead of the one that was entered.
create table oauth.subject_token (
    entered_id  uuid primary key,
    in_force    jsonb,
    lease_owner text,
    lease_until timestamptz
);
