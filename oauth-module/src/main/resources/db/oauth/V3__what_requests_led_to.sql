-- What a page shows of an authorization beyond its steps.
alter table oauth.authorization
    -- The two issuers that differ, where that was the end and an admin could accept it.
    add column mismatch jsonb,
    -- What a server wanted beyond what was granted, the latest.
    add column challenged_scope text,
    add column refreshable boolean,
    add column expires_at timestamptz;
