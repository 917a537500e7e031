-- How many refreshes of the token set in force may have lost their answer, as far as recorded.
alter table credentials.credential add column doubts integer not null default 0;
