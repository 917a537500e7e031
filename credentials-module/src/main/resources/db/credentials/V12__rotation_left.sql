-- How many live secrets other keys still wrapped when the rotation ended; null: it runs, or ended before this was kept.
alter table credentials.key_rotation add column left_over bigint;
