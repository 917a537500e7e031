package dev.claviger.toolsync;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.toolsync.api.HealthEvent.HealthWatched;
import dev.claviger.toolsync.api.HealthId;
import dev.claviger.toolsync.api.HealthQuery.HealthFacts;
import dev.claviger.toolsync.api.HealthQuery.Proof;
import dev.claviger.toolsync.api.HealthQuery.Sight;
import dev.claviger.toolsync.api.HealthState;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Which credentials are watched, which check of each is due, and what the last one found. */
@Component
class HealthTable {

    /** A job that says which check it is: only the one that is due may go on. */
    record Due(HealthId healthId, long number) {}

    /** @param failures checks in a row that found no good, before this one */
    record Target(HealthWatched watched, int failures) {}

    private final JdbcClient jdbc;
    private final JsonMapper json;

    HealthTable(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Answers whether it is new. */
    boolean watch(HealthWatched event, Instant dueAt) {
        return jdbc.sql("""
                        insert into toolsync.health (health_id, catalog_id, credential_id, server_url, headers,
                                header_name, keeps_tools, due_at)
                        values (:id, :catalog, :credential, :url, :headers::json, :header, :keepsTools, :dueAt)
                        on conflict (health_id) do update set catalog_id = excluded.catalog_id,
                            server_url = excluded.server_url, headers = excluded.headers,
                            header_name = excluded.header_name, keeps_tools = excluded.keeps_tools
                        returning xmax = 0
                        """)
                .param("id", event.healthId().toString())
                .param("catalog", event.catalogId().toString())
                .param("credential", event.credentialId().toString())
                .param("url", event.serverUrl())
                .param("headers", json.writeValueAsString(event.headers()))
                .param("header", event.headerName())
                .param("keepsTools", event.keepsTools())
                .param("dueAt", dueAt.atOffset(ZoneOffset.UTC))
                .query(Boolean.class)
                .single();
    }

    void forget(HealthId id) {
        jdbc.sql("delete from toolsync.health where health_id = :id")
                .param("id", id.toString())
                .update();
    }

    /** What to check; nothing where another check took this one's place, or the watch has ended. */
    Optional<Target> target(Due due) {
        return jdbc.sql("select * from toolsync.health where health_id = :id and number = :number")
                .param("id", due.healthId().toString())
                .param("number", due.number())
                .query((row, number) -> new Target(watched(row), row.getInt("failures")))
                .optional();
    }

    /** Puts another check in the place of this one; false where somebody else did, or the watch has ended. */
    boolean overtake(Due due, Instant dueAt) {
        return jdbc.sql("""
                        update toolsync.health set number = number + 1, due_at = :dueAt
                         where health_id = :id and number = :number
                        """)
                        .param("id", due.healthId().toString())
                        .param("number", due.number())
                        .param("dueAt", dueAt.atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    /** Number of the check that is due, locked until the transaction ends; nothing where the watch has ended. */
    OptionalLong lockNumber(HealthId id) {
        return jdbc.sql("select number from toolsync.health where health_id = :id for update")
                .param("id", id.toString())
                .query(Long.class)
                .optional()
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }

    void checked(HealthId id, boolean proved, int failures, Instant at) {
        jdbc.sql("""
                        update toolsync.health
                           set checked_at = :at, proved_at = case when :proved then :at else proved_at end,
                               failures = :failures
                         where health_id = :id
                        """)
                .param("id", id.toString())
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("proved", proved)
                .param("failures", failures)
                .update();
    }

    void changed(HealthId id, HealthState state, @Nullable Failure cause, Instant since) {
        jdbc.sql("""
                        update toolsync.health
                           set state = :state, since = :since, cause_code = :code, cause_detail = :detail
                         where health_id = :id
                        """)
                .param("id", id.toString())
                .param("state", state.name())
                .param("since", since.atOffset(ZoneOffset.UTC))
                .param("code", cause == null ? null : cause.code().code())
                .param("detail", cause == null ? null : cause.detail())
                .update();
    }

    List<HealthFacts> facts(Collection<HealthId> ids) {
        return jdbc.sql("""
                        select h.*, p.without_credential, p.with_wrong, p.proves, p.found_out_at
                          from toolsync.health h
                          left join toolsync.listing_proof p
                            on p.catalog_id = h.catalog_id and p.header_name = coalesce(h.header_name, 'Authorization')
                         where h.health_id in (:ids)
                        """)
                .param("ids", ids.stream().map(HealthId::toString).toList())
                .query((row, number) -> facts(row))
                .list();
    }

    /** What is known of a server's listing, if it was found out with this header and not too long ago. */
    Optional<Proof> proof(ToolCatalogId catalogId, String headerName, Duration kept) {
        return jdbc.sql("""
                        select * from toolsync.listing_proof
                         where catalog_id = :catalog and header_name = :header
                           and found_out_at > now() - make_interval(secs => :kept)
                        """)
                .param("catalog", catalogId.toString())
                .param("header", headerName)
                .param("kept", kept.toSeconds())
                .query((row, number) -> Objects.requireNonNull(proof(row)))
                .optional();
    }

    void keep(ToolCatalogId catalogId, String headerName, Proof proof) {
        jdbc.sql("""
                        insert into toolsync.listing_proof
                               (catalog_id, header_name, without_credential, with_wrong, proves, found_out_at)
                        values (:catalog, :header, :without, :withWrong, :proves, :at)
                        on conflict (catalog_id) do update set header_name = excluded.header_name,
                            without_credential = excluded.without_credential, with_wrong = excluded.with_wrong,
                            proves = excluded.proves, found_out_at = excluded.found_out_at
                        """)
                .param("catalog", catalogId.toString())
                .param("header", headerName)
                .param("without", proof.without().name())
                .param("withWrong", proof.withWrong().name())
                .param("proves", proof.proves())
                .param("at", proof.foundOutAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    void forgetProof(ToolCatalogId catalogId) {
        jdbc.sql("delete from toolsync.listing_proof where catalog_id = :catalog")
                .param("catalog", catalogId.toString())
                .update();
    }

    /** Takes the next turn at a server, and answers how long it is until then. The database's clock is every node's. */
    Duration turn(String server, Duration pace) {
        double seconds = jdbc.sql("""
                        insert into toolsync.server_turn (server, next_at)
                        values (:server, now() + make_interval(secs => :pace))
                        on conflict (server) do update
                           set next_at = greatest(server_turn.next_at, now()) + make_interval(secs => :pace)
                        returning extract(epoch from next_at - now())::float8 - :pace
                        """)
                .param("server", server)
                .param("pace", pace.toMillis() / 1_000.0)
                .query(Double.class)
                .single();
        return Duration.ofMillis(Math.max(0, Math.round(seconds * 1_000)));
    }

    private HealthWatched watched(ResultSet row) throws SQLException {
        Map<String, String> headers =
                json.readValue(row.getString("headers"), new TypeReference<LinkedHashMap<String, String>>() {});
        return new HealthWatched(
                HealthId.parse(row.getString("health_id")),
                ToolCatalogId.parse(row.getString("catalog_id")),
                CredentialId.parse(row.getString("credential_id")),
                row.getString("server_url"),
                headers,
                row.getString("header_name"),
                row.getBoolean("keeps_tools"));
    }

    private static HealthFacts facts(ResultSet row) throws SQLException {
        String state = row.getString("state");
        String code = row.getString("cause_code");
        return new HealthFacts(
                HealthId.parse(row.getString("health_id")),
                ToolCatalogId.parse(row.getString("catalog_id")),
                state == null ? null : HealthState.valueOf(state),
                instant(row, "since"),
                code == null ? null : new Failure(FailureCode.of(code), String.valueOf(row.getString("cause_detail"))),
                instant(row, "checked_at"),
                instant(row, "proved_at"),
                Objects.requireNonNull(instant(row, "due_at")),
                proof(row));
    }

    private static @Nullable Proof proof(ResultSet row) throws SQLException {
        Instant foundOutAt = instant(row, "found_out_at");
        return foundOutAt == null
                ? null
                : new Proof(
                        Sight.valueOf(row.getString("without_credential")),
                        Sight.valueOf(row.getString("with_wrong")),
                        row.getBoolean("proves"),
                        foundOutAt);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
