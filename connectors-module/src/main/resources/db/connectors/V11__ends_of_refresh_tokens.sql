-- When the refresh token ends as far as the provider told, and whether a refresh brings a new one; null: not known.
alter table connectors.credential
    add column refresh_expires_at timestamptz,
    add column refresh_rotates boolean;
