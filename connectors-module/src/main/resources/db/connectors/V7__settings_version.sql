-- Counts the changes of a connector's settings, so that an answer can say by which of them it was made.
alter table connectors.connector add column version bigint not null default 1;
