-- Requests made outside for an attempt. Written behind their back, so one may be missing; never a secret.
create table credentials.exchange (
    id      bigint generated always as identity primary key,
    attempt uuid        not null,
    at      timestamptz not null,
    purpose text        not null,
    method  text        not null,
    url     text        not null,
    status  integer,
    failure text,
    millis  bigint      not null,
    bytes   bigint      not null,
    facts   jsonb       not null
);
create index exchange_of_attempt on credentials.exchange (attempt, id desc);
create index exchange_by_age on credentials.exchange (at);
