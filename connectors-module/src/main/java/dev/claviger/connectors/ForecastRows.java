package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What our own tables know of ends: of the credentials of live connections, and of the agents' keys. */
@Component
class ForecastRows {

    /**
     * A live connection whose credential has an end, or of which nobody knows one.
     *
     * @param expiresAt when it dies unless somebody acts; null: nobody knows
     * @param needsConsent whether the grant is dead already
     * @param refused whether its server refuses it
     * @param refreshExpiresAt when its refresh token ends; null: there is none, or nobody knows
     * @param refreshRotates whether a refresh brings another refresh token or a later end; null: not seen yet
     * @param idleDays after how many days without use its refresh token dies, as somebody entered it; null: nobody did
     * @param idleEndsAt when that is unless it is refreshed before; null: nobody knows
     * @param failing whether refreshes fail
     * @param failingSince since when; null: nobody knows
     * @param givenUpAt when they are given up, should none succeed before; null: nobody knows
     */
    record Ending(
            UUID connection,
            UUID connector,
            String connectorName,
            AuthType authType,
            @Nullable UUID agent,
            @Nullable String agentName,
            @Nullable Instant expiresAt,
            boolean needsConsent,
            boolean refused,
            @Nullable String failure,
            @Nullable Instant refreshExpiresAt,
            @Nullable Boolean refreshRotates,
            @Nullable Integer idleDays,
            @Nullable Instant idleEndsAt,
            boolean failing,
            @Nullable Instant failingSince,
            @Nullable Instant givenUpAt) {}

    /** A connector that has a live connection by a client of this issuer. */
    record Issued(String issuer, UUID connector, String connectorName) {}

    /**
     * A client secret that somebody entered.
     *
     * @param issuer where it counts; null: not known yet
     * @param identity whether that is the identity provider of the organisation
     * @param expiresAt as whoever entered it said; null: nobody did
     */
    record Entered(
            UUID connector,
            String connectorName,
            @Nullable String issuer,
            boolean identity,
            @Nullable Instant expiresAt) {}

    /** @param oldest when the oldest key in force was issued; null: there is none */
    record Keys(int keys, int agents, @Nullable Instant oldest) {}

    private static final String LIVE = """
              from connectors.connection x
              join connectors.connector c on c.connector_id = x.connector_id
              left join connectors.agent a on a.agent_id = x.agent_id
              left join (select *, case when refreshable
                                        then obtained_at + make_interval(hours => 24 * idle_days) end as idle_ends_at
                           from connectors.credential) k on k.connection_id = x.connection_id
              left join connectors.health h on h.connection_id = x.connection_id
             where x.state = 'LIVE' and x.auth_type <> 'NONE'
            """;

    private final JdbcClient jdbc;

    ForecastRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * All that do not renew themselves for ever, the first to end first and those without a known end last; after them all
     * that go on if only their refreshes do, so that a crowd of these hides nothing.
     */
    List<Ending> endings(int most) {
        return jdbc.sql("""
                        select x.connection_id, x.connector_id, x.agent_id, x.auth_type, c.name as connector_name,
                               a.name as agent_name, k.expires_at, coalesce(k.needs_consent, false) as needs_consent,
                               coalesce(h.state = 'REFUSED', false) as refused, h.failure_detail,
                               case when k.refreshable then k.refresh_expires_at end as refresh_expires_at,
                               k.refresh_rotates, k.idle_days, k.idle_ends_at, k.refreshable and k.failure_code is not null as failing,
                               k.failing_since, k.given_up_at
                        """ + LIVE + """
                               and (k.connection_id is null or not k.refreshable or h.state = 'REFUSED'
                                    or k.refresh_expires_at is not null or k.idle_ends_at is not null
                                    or k.failure_code is not null)
                         order by coalesce(k.refreshable and k.refresh_expires_at is null and k.failure_code is null
                                           and k.idle_ends_at > now() and h.state is distinct from 'REFUSED', false),
                                  case when k.refreshable
                                       then least(k.refresh_expires_at, k.idle_ends_at, k.given_up_at)
                                       else k.expires_at end nulls last,
                                  c.name_key, a.name_key nulls first, x.connection_id
                         limit :most
                        """)
                .param("most", most)
                .query((row, number) -> ending(row))
                .list();
    }

    /** How many live connections renew themselves, as far as the last refresh showed, and are not refused. */
    int renewing() {
        return jdbc.sql("select count(*)" + LIVE + """
                               and k.refreshable and k.refresh_expires_at is null and k.idle_ends_at is null
                               and k.failure_code is null
                               and h.state is distinct from 'REFUSED'
                        """).query(Integer.class).single();
    }

    List<Issued> issued() {
        return jdbc.sql("""
                        select distinct x.issuer, x.connector_id, c.name as connector_name, c.name_key
                        """ + LIVE + " and x.issuer is not null order by c.name_key")
                .query((row, number) -> new Issued(
                        row.getString("issuer"),
                        row.getObject("connector_id", UUID.class),
                        row.getString("connector_name")))
                .list();
    }

    List<Entered> entered() {
        return jdbc.sql("""
                        select c.connector_id, c.name, c.name_key, false as identity,
                               coalesce(c.settings #>> '{oauth,clientIssuer}', c.issuer) as issuer,
                               cast(c.settings #>> '{oauth,clientSecretExpiresAt}' as timestamptz) as expires_at
                          from connectors.connector c
                         where not c.removed and c.auth_type = 'OAUTH'
                           and c.settings #>> '{oauth,clientSecret}' is not null
                        union all
                        select c.connector_id, c.name, c.name_key, true,
                               c.settings #>> '{oauth,identityProvider,issuer}',
                               cast(c.settings #>> '{oauth,identityProvider,clientSecretExpiresAt}' as timestamptz)
                          from connectors.connector c
                         where not c.removed and c.auth_type = 'OAUTH'
                           and c.settings #>> '{oauth,identityProvider,clientSecret}' is not null
                         order by name_key
                        """)
                .query((row, number) -> new Entered(
                        row.getObject("connector_id", UUID.class),
                        row.getString("name"),
                        row.getString("issuer"),
                        row.getBoolean("identity"),
                        Stamps.out(row, "expires_at")))
                .list();
    }

    Keys keys() {
        return jdbc.sql("""
                        select count(*) as keys, count(distinct k.agent_id) as agents, min(k.created_at) as oldest
                          from connectors.agent_key k
                          join connectors.agent a on a.agent_id = k.agent_id
                         where not a.removed
                        """)
                .query((row, number) -> new Keys(row.getInt("keys"), row.getInt("agents"), Stamps.out(row, "oldest")))
                .single();
    }

    private static Ending ending(ResultSet row) throws SQLException {
        return new Ending(
                row.getObject("connection_id", UUID.class),
                row.getObject("connector_id", UUID.class),
                row.getString("connector_name"),
                AuthType.valueOf(row.getString("auth_type")),
                row.getObject("agent_id", UUID.class),
                row.getString("agent_name"),
                Stamps.out(row, "expires_at"),
                row.getBoolean("needs_consent"),
                row.getBoolean("refused"),
                row.getString("failure_detail"),
                Stamps.out(row, "refresh_expires_at"),
                row.getObject("refresh_rotates", Boolean.class),
                row.getObject("idle_days", Integer.class),
                Stamps.out(row, "idle_ends_at"),
                row.getBoolean("failing"),
                Stamps.out(row, "failing_since"),
                Stamps.out(row, "given_up_at"));
    }
}
