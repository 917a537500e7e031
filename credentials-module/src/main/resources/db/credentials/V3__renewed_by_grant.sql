-- Whether a new token set is had by asking for the grant again, without a refresh token and without a person.
alter table credentials.credential add column renewed_by_grant boolean not null default false;
