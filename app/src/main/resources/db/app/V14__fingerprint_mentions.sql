-- Which events mention which fingerprint, so that a found token leads to its history. A projection: it can be rebuilt.
create table app.fingerprint_mention (
    fingerprint text not null,
    event_id    text not null,
    primary key (fingerprint, event_id)
);
