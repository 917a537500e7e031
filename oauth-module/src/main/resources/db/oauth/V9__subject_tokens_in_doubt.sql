-- Since when an answer to an exchange may be lost, and with it the token that came instead of the one in force.
alter table oauth.subject_token add column in_doubt_since timestamptz;
