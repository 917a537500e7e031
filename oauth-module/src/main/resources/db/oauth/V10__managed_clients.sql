-- Retired clients stay, for as long as they are to be deleted and as history. registered is the client as it stands now.
alter table oauth.client_registration
    drop constraint client_registration_pkey,
    drop constraint client_registration_issuer_redirect_uri_key,
    add column client_id text,
    -- IN_FORCE, RETIRED, then DELETED or ORPHANED.
    add column state text not null default 'IN_FORCE',
    add column registered_at timestamptz not null default now(),
    add column retired_because text,
    -- What the authorization server said when it was last asked about the client.
    add column answer text,
    add column answered_at timestamptz,
    -- Until when one node alone asks: answers may replace what is asked with.
    add column asking_until timestamptz;

update oauth.client_registration set client_id = registered ->> 'clientId';

alter table oauth.client_registration
    alter column client_id set not null,
    alter column registered_at drop default,
    add primary key (registration_id, client_id);

create unique index client_in_force on oauth.client_registration (issuer, redirect_uri) where state = 'IN_FORCE';
create index client_of_authorization on oauth.authorization ((client ->> 'registration'));
