-- When the token set in force was obtained (null: before this was kept, and not refreshed since), and after how many days
-- without use its refresh token dies, as somebody entered it; null: nobody did.
alter table connectors.credential
    add column obtained_at timestamptz,
    add column idle_days integer;
