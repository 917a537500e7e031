create table app.person (
    name            text primary key,
    role            text        not null check (role in ('ADMIN', 'AUDITOR')),
    password_hash   text        not null,
    disabled        boolean     not null default false,
    created_at      timestamptz not null default now(),
    last_sign_in_at timestamptz
);
create unique index person_name_case on app.person (lower(name));

create table app.api_token (
    id           uuid primary key,
    name         text        not null,
    scope        text        not null check (scope in ('READ', 'WRITE')),
    hash         text        not null unique,
    issued_by    text        not null,
    issued_at    timestamptz not null default now(),
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz
);
