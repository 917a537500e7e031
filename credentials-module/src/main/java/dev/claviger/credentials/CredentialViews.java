package dev.claviger.credentials;

import static dev.claviger.credentials.CredentialTable.instant;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialQuery.CredentialFacts;
import dev.claviger.credentials.api.CredentialQuery.CredentialFactsList;
import dev.claviger.credentials.api.CredentialQuery.CredentialIds;
import dev.claviger.credentials.api.CredentialQuery.CredentialUse;
import dev.claviger.credentials.api.CredentialQuery.CredentialUses;
import dev.claviger.credentials.api.CredentialQuery.FindCredentials;
import dev.claviger.credentials.api.CredentialQuery.FindCredentialsOfIssuer;
import dev.claviger.credentials.api.CredentialQuery.FindIssuers;
import dev.claviger.credentials.api.CredentialQuery.FindUses;
import dev.claviger.credentials.api.CredentialQuery.FindUsesBy;
import dev.claviger.credentials.api.CredentialQuery.IssuerNames;
import dev.claviger.credentials.api.CredentialQuery.NumberedUse;
import dev.claviger.credentials.api.CredentialQuery.UsesBy;
import dev.claviger.credentials.api.CredentialState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Answers questions about credentials from their table; no answer holds a secret. */
@Component
class CredentialViews {

    /** By the number that the index has for the name. */
    static final String USES_BY = """
            select id, credential_id, generation, at, used_by, purpose, source_address
              from credentials.credential_use
             where hashtextextended(used_by, 0) = hashtextextended(:by, 0) and used_by = :by and id < :before
             order by id desc limit :limit""";

    private final JdbcClient jdbc;

    CredentialViews(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @QueryHandler
    CredentialFactsList handle(FindCredentials query) {
        if (query.credentialIds().isEmpty()) {
            return new CredentialFactsList(List.of());
        }
        return new CredentialFactsList(jdbc.sql("""
                        select c.*, (select u.at from credentials.credential_use u where u.credential_id = c.id
                                      order by u.id desc limit 1) as last_used_at
                          from credentials.credential c where c.id in (:ids)""")
                .param(
                        "ids",
                        query.credentialIds().stream().map(CredentialId::value).toList())
                .query(CredentialViews::facts)
                .list());
    }

    @QueryHandler
    IssuerNames handle(FindIssuers query) {
        return new IssuerNames(jdbc.sql("""
                        select distinct issuer from credentials.credential
                         where state <> 'REVOKED' and issuer is not null order by issuer""").query(String.class).list());
    }

    @QueryHandler
    CredentialIds handle(FindCredentialsOfIssuer query) {
        return new CredentialIds(
                jdbc.sql("select id from credentials.credential where state <> 'REVOKED' and issuer = ?")
                        .param(query.issuer())
                        .query((row, n) -> new CredentialId(row.getObject("id", UUID.class)))
                        .list());
    }

    @QueryHandler
    CredentialUses handle(FindUses query) {
        return new CredentialUses(jdbc.sql("""
                        select generation, at, used_by, purpose, source_address from credentials.credential_use
                         where credential_id = ? order by id desc limit ?""")
                .params(query.credentialId().value(), Math.max(1, Math.min(query.limit(), 1000)))
                .query((row, n) -> use(query.credentialId(), row))
                .list());
    }

    @QueryHandler
    UsesBy handle(FindUsesBy query) {
        return new UsesBy(jdbc.sql(USES_BY)
                .param("by", query.usedBy())
                .param("before", query.before() == null ? Long.MAX_VALUE : query.before())
                .param("limit", Math.max(1, Math.min(query.limit(), 1001)))
                .query((row, n) -> new NumberedUse(
                        row.getLong("id"), use(new CredentialId(row.getObject("credential_id", UUID.class)), row)))
                .list());
    }

    private static CredentialUse use(CredentialId credential, ResultSet row) throws SQLException {
        return new CredentialUse(
                credential,
                row.getLong("generation"),
                Objects.requireNonNull(instant(row, "at")),
                row.getString("used_by"),
                row.getString("purpose"),
                row.getString("source_address"));
    }

    private static CredentialFacts facts(ResultSet row, int number) throws SQLException {
        return new CredentialFacts(
                new CredentialId(row.getObject("id", UUID.class)),
                CredentialKind.valueOf(row.getString("kind")),
                CredentialState.valueOf(row.getString("state")),
                row.getLong("generation"),
                row.getString("access_fingerprint"),
                row.getObject("refresh_id") != null || row.getBoolean("renewed_by_grant"),
                Objects.requireNonNull(instant(row, "issued_at")),
                instant(row, "refreshed_at"),
                instant(row, "expires_at"),
                row.getString("scope"),
                row.getString("issuer"),
                instant(row, "last_used_at"),
                trouble(row),
                row.getBoolean("renewed_by_grant"),
                row.getObject("refresh_id") == null ? null : instant(row, "refresh_expires_at"),
                row.getObject("idle_days", Integer.class),
                CredentialState.ACTIVE.name().equals(row.getString("state")) ? instant(row, "refresh_due_at") : null);
    }

    private static @Nullable String trouble(ResultSet row) throws SQLException {
        String failure = row.getString("failure");
        String detail = row.getString("failure_detail");
        if (failure == null) {
            return null;
        }
        return switch (failure) {
            case CredentialRow.GRANT_DEAD ->
                row.getBoolean("renewed_by_grant")
                        ? detail
                        : "The authorization server no longer accepts the grant (" + detail + "); connect again";
            case CredentialRow.ANSWER_LOST ->
                "The answer to a refresh was lost, and the new refresh token with it; the one we have is no longer taken ("
                        + detail + "); connect again";
            case CredentialRow.GIVEN_UP ->
                "No refresh has succeeded for so long that nobody tries any more; connect again: " + detail;
            case "TRANSIENT" -> "The last refresh did not get through: " + detail;
            case "THROTTLED" -> "The authorization server asked us to wait with refreshes: " + detail;
            case "CLIENT" -> "The authorization server refused us as a client: " + detail;
            case "DENIED" ->
                "The authorization server refused the refresh without a word about the grant; if it goes on, connect again: "
                        + detail;
            default -> "The last refresh failed: " + detail;
        };
    }
}
