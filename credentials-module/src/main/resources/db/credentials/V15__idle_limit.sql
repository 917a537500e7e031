-- After how many days without use the refresh token dies, as somebody entered it; null: nobody did.
alter table credentials.credential add column idle_days integer;
