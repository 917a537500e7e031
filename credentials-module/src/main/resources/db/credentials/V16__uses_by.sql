-- Who has used what, for everybody who uses, since a use is the only record of a hand-out. Both indexes grow at the end of
-- each credential and of each name, where pages fill up instead of being split in the middle; the name is a number in it,
-- because every hand-out pays for its size.
drop index credentials.credential_use_newest;
create index credential_use_newest on credentials.credential_use (credential_id, id) with (deduplicate_items = off);
create index credential_use_by on credentials.credential_use (hashtextextended(used_by, 0), id)
    with (deduplicate_items = off);
