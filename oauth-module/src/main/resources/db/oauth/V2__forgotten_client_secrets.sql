-- Whether the provider has been told, so that nothing needs this grant's client any more.
alter table oauth.authorization add column revocation_tried boolean not null default false;

-- Client secrets for which nobody will ask again; each is shredded once no authorization needs it.
create table oauth.forgotten_client_secret (
    secret_id uuid primary key
);
