-- Tokens that came from refreshes that were under way when the credential was revoked, and what came of telling the
-- provider of each. outcome null: it is not told yet.
create table oauth.late_token (
    secret_id        uuid  primary key,
    authorization_id uuid  not null,
    kind             text  not null,
    token            jsonb not null,
    outcome          text,
    detail           text
);
create index late_token_of on oauth.late_token (authorization_id);
insert into oauth.late_token (secret_id, authorization_id, kind, token, outcome, detail)
select cast(t.token ->> 'id' as uuid), a.authorization_id, t.kind, t.token, s.outcome,
       case when s.outcome is not null then 'See the history of the authorization.' end
  from oauth.authorization a
 cross join lateral (values ('LATE_ACCESS_TOKEN', a.late_access_token), ('LATE_REFRESH_TOKEN', a.late_refresh_token))
       as t (kind, token)
  left join oauth.revocation_step s
         on s.authorization_id = a.authorization_id and s.kind = t.kind and s.outcome <> 'WAITING'
 where t.token is not null;
alter table oauth.authorization drop column late_access_token, drop column late_refresh_token;
