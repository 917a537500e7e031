-- V7 left out those whose access token says no end: their refresh tokens too must not lie unused for too long.
update credentials.credential
   set refresh_due_at = coalesce(refreshed_at, issued_at) + interval '30 days'
 where state = 'ACTIVE' and refresh_id is not null and refresh_due_at is null;
