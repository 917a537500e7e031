package dev.claviger.oauth;

import dev.claviger.credentials.api.CredentialEvent.LateTokensSealed;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.RevocationStep;
import dev.claviger.credentials.api.RevocationStep.Kind;
import dev.claviger.credentials.api.RevocationStep.Outcome;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.AuthorizationId;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps the tokens that came from refreshes that were under way at a revocation, each for itself: of two nodes that
 * refreshed the same token set both may have been answered too late.
 */
@Component
@ProcessingGroup("oauth-state")
class LateTokenTable {

    /** @param outcome what came of telling the provider; null: it is not told yet */
    record LateToken(
            Kind kind,
            SecretRef token,
            @Nullable Outcome outcome,
            @Nullable String detail) {

        boolean isTold() {
            return outcome != null;
        }
    }

    /** What somebody must see to comes first. */
    private static final List<Outcome> WORST_FIRST =
            List.of(Outcome.GIVEN_UP, Outcome.REFUSED, Outcome.NOT_SUPPORTED, Outcome.KEPT, Outcome.DONE);

    private final JdbcClient jdbc;
    private final JsonMapper json;

    LateTokenTable(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @EventHandler
    void on(LateTokensSealed event) {
        lock(new AuthorizationId(event.credentialId().value()));
        keep(event.credentialId(), Kind.LATE_ACCESS_TOKEN, event.accessToken());
        if (event.refreshToken() != null) {
            keep(event.credentialId(), Kind.LATE_REFRESH_TOKEN, event.refreshToken());
        }
    }

    private void keep(CredentialId id, Kind kind, SecretRef token) {
        jdbc.sql("""
                        insert into oauth.late_token (secret_id, authorization_id, kind, token)
                        values (:secret, :id, :kind, cast(:token as jsonb)) on conflict do nothing""")
                .param("secret", token.id())
                .param("id", id.value())
                .param("kind", kind.name())
                .param("token", json.writeValueAsString(token))
                .update();
    }

    List<LateToken> of(AuthorizationId id) {
        return jdbc.sql("""
                        select kind, token::text as token, outcome, detail from oauth.late_token
                         where authorization_id = ? order by secret_id""")
                .param(id.value())
                .query((row, n) -> new LateToken(
                        Kind.valueOf(row.getString("kind")),
                        json.readValue(row.getString("token"), SecretRef.class),
                        row.getString("outcome") == null ? null : Outcome.valueOf(row.getString("outcome")),
                        row.getString("detail")))
                .list();
    }

    /**
     * Writes down what came of telling the provider of this token, and answers what there is to say of all of its kind: the
     * worst of it. Null: another of them is not told yet, or this one was told before. In a transaction.
     */
    @Nullable
    RevocationStep settle(AuthorizationId id, SecretRef token, RevocationStep step) {
        lock(id);
        int noted = jdbc.sql("""
                        update oauth.late_token set outcome = :outcome, detail = :detail
                         where secret_id = :secret and outcome is null""")
                .param("outcome", step.outcome().name())
                .param("detail", step.detail())
                .param("secret", token.id())
                .update();
        List<LateToken> kind = of(id, step.kind());
        if (noted == 0 || !kind.stream().allMatch(LateToken::isTold)) {
            return null;
        }
        LateToken worst = kind.stream()
                .min(Comparator.comparing(late -> WORST_FIRST.indexOf(Objects.requireNonNull(late.outcome()))))
                .orElseThrow();
        return new RevocationStep(
                step.kind(),
                Objects.requireNonNull(worst.outcome()),
                Objects.requireNonNull(worst.detail()),
                step.at(),
                null);
    }

    /** Whether there are any of this kind, and the provider was told of each. In a transaction, at whose end it still holds. */
    boolean areTold(AuthorizationId id, Kind kind) {
        lock(id);
        List<LateToken> late = of(id, kind);
        return !late.isEmpty() && late.stream().allMatch(LateToken::isTold);
    }

    private List<LateToken> of(AuthorizationId id, Kind kind) {
        return of(id).stream().filter(late -> late.kind() == kind).toList();
    }

    /** Until the transaction ends none comes, and none is settled. */
    void lock(AuthorizationId id) {
        jdbc.sql("select 1 from oauth.authorization where authorization_id = ? for update")
                .param(id.value())
                .query()
                .listOfRows();
    }
}
