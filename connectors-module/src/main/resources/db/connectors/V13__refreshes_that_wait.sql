-- An authorization server that asks for a pause has a code of its own, and matters as little as one that is away while the
-- token lives.
create or replace view connectors.connector_line as
select c.connector_id, c.name, c.name_key, c.server_key, c.url, c.auth_type, c.mode, c.settings, c.removed, c.created_at,
       live.connections as live_connections,
       live.needs_consent,
       live.shared_connection,
       live.expires_at,
       live.needing_consent,
       live.expiring,
       coalesce(catalog.tools, 0) as tool_count,
       catalog.last_synced_at,
       case when attempt.failed then attempt.failure_code
            when live.refresh_failure is not null then live.refresh_failure[1]
            else catalog.failure_code end as failure_code,
       case when attempt.failed then attempt.failure_detail
            when live.refresh_failure is not null then live.refresh_failure[2]
            else catalog.failure_detail end as failure_detail
  from connectors.connector c
  left join connectors.catalog catalog on catalog.connector_id = c.connector_id
 cross join lateral (
       select count(*)::int as connections,
              coalesce(bool_or(k.needs_consent or x.issuer <> c.issuer), false) as needs_consent,
              (count(*) filter (where k.needs_consent or x.issuer <> c.issuer))::int as needing_consent,
              -- A week is time enough for somebody to connect again.
              (count(*) filter (where not k.refreshable and not k.needs_consent
                                  and k.expires_at < now() + interval '7 days'))::int as expiring,
              -- While the old token lives, a provider out of reach (CLV-402), or one that asks for a pause (CLV-409), is nobody's trouble yet.
              min(array[k.failure_code, k.failure_detail])
                  filter (where k.failure_code is not null
                            and (k.failure_code not in ('CLV-402', 'CLV-409') or k.expires_at <= now())) as refresh_failure,
              (array_agg(x.connection_id) filter (where x.agent_id is null))[1] as shared_connection,
              min(k.expires_at) filter (where x.agent_id is null and not k.refreshable) as expires_at
         from connectors.connection x
         left join connectors.credential k on k.connection_id = x.connection_id
        where x.connector_id = c.connector_id and x.state = 'LIVE') live
  left join lateral (
       -- A later listing, good or bad, says more about how things stand than an attempt that failed before it.
       select x.state = 'FAILED'
                  and x.finished_at >= coalesce(catalog.last_synced_at, '-infinity')
                  and x.finished_at >= coalesce(catalog.failed_at, '-infinity') as failed,
              x.failure_code, x.failure_detail
         from connectors.connection x
        where x.connector_id = c.connector_id
        order by x.requested_at desc
        limit 1) attempt on true;
