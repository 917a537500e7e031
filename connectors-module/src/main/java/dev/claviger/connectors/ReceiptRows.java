package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEnded;
import dev.claviger.connectors.api.ReceiptQuery.ReceiptOutcome;
import dev.claviger.connectors.api.ReceiptQuery.ReceiptStepName;
import dev.claviger.credentials.api.CredentialEvent.LateTokensSealed;
import dev.claviger.credentials.api.CredentialEvent.SecretsShredded;
import dev.claviger.credentials.api.CredentialEvent.TokenRevoked;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialQuery.CredentialFacts;
import dev.claviger.credentials.api.CredentialQuery.CredentialFactsList;
import dev.claviger.credentials.api.CredentialQuery.FindCredentials;
import dev.claviger.oauth.api.AuthorizationEvent.ProviderRevocationTried;
import dev.claviger.oauth.api.AuthorizationEvent.RevocationAttempted;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationDeleted;
import dev.claviger.toolsync.api.ToolCatalogEvent.RevokedProbed;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Keeps the receipt of each connection that ended, in the transaction of what it tells. */
@Component
@ProcessingGroup("connectors-state")
class ReceiptRows {

    private static final String NOT_ASKED_TO_THE_END =
            "The secrets were destroyed before the server had said that it refuses the token, so it cannot be asked any more."
                    + " See to it at the provider that Claviger's access is gone.";

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Answers answers;
    private final ProbePlan plan;

    ReceiptRows(JdbcClient jdbc, JsonMapper json, Answers answers, ProbePlan plan) {
        this.jdbc = jdbc;
        this.json = json;
        this.answers = answers;
        this.plan = plan;
    }

    @EventHandler
    void on(TokenRevoked event, @Timestamp Instant at, @MetaDataValue("actor") @Nullable String actor) {
        UUID id = event.credentialId().value();
        @Nullable
        CredentialFacts facts =
                answers
                        .one(new FindCredentials(List.of(event.credentialId())), CredentialFactsList.class)
                        .items()
                        .stream()
                        .findFirst()
                        .orElse(null);
        if (!open(id, event.reason(), actor, at, facts)) {
            return;
        }
        step(id, ReceiptStepName.UNUSABLE_HERE, ReceiptOutcome.DONE, "No agent is given it from now on.", at, null);
        if (event.kind() == CredentialKind.OAUTH) {
            if (facts != null && facts.refreshable() && !facts.renewedByGrant()) {
                begin(id, ReceiptStepName.REFRESH_TOKEN, "The provider is being told.", at);
            }
            begin(id, ReceiptStepName.ACCESS_TOKEN, "The provider is being told.", at);
            begin(id, ReceiptStepName.SERVER_REFUSES, "The server is asked once the provider has been told.", at);
        } else {
            step(
                    id,
                    ReceiptStepName.PROVIDER,
                    ReceiptOutcome.NOT_SUPPORTED,
                    "Nobody can be told of a token or key that was entered by hand. Revoke it where it was made: whoever"
                            + " has a copy can still use it.",
                    at,
                    null);
        }
        begin(id, ReceiptStepName.SHREDDED, "The sealed secrets are kept until the steps before are over.", at);
    }

    /** Without a credential there is nothing to revoke, and that is worth a receipt too. */
    @EventHandler
    void on(ConnectionEnded event, @Timestamp Instant at, @MetaDataValue("actor") @Nullable String actor) {
        UUID id = event.connectionId().value();
        if (event.authType() == AuthType.NONE && open(id, event.reason(), actor, at, null)) {
            step(
                    id,
                    ReceiptStepName.UNUSABLE_HERE,
                    ReceiptOutcome.DONE,
                    "The server takes everybody, so there was no credential and there is nothing to revoke.",
                    at,
                    null);
        }
    }

    @EventHandler
    void on(LateTokensSealed event, @Timestamp Instant at) {
        UUID id = event.credentialId().value();
        String why = "It came from a refresh that was under way at the revocation; the provider is being told.";
        if (event.refreshToken() != null) {
            begin(id, ReceiptStepName.LATE_REFRESH_TOKEN, why, at);
        }
        begin(id, ReceiptStepName.LATE_ACCESS_TOKEN, why, at);
    }

    @EventHandler
    void on(RevocationAttempted event) {
        UUID id = event.authorizationId().value();
        step(
                id,
                ReceiptStepName.valueOf(event.step().kind().name()),
                ReceiptOutcome.valueOf(event.step().outcome().name()),
                event.step().detail(),
                event.step().at(),
                event.step().nextTry());
        if (event.registration() != null) {
            jdbc.sql("""
                            update connectors.receipt set registration = :registration, client_id = :clientId
                             where connection_id = :id""")
                    .param("registration", event.registration().toString())
                    .param("clientId", event.clientId())
                    .param("id", id)
                    .update();
        }
    }

    /** Whatever was said of it before: with the last connection that used it the client goes for all of them. */
    @EventHandler
    void on(ClientRegistrationDeleted event, @Timestamp Instant at) {
        jdbc.sql("""
                        update connectors.receipt_step s
                           set outcome = :outcome, detail = :detail, at = :at, tries = tries + 1, next_try = null
                          from connectors.receipt r
                         where r.connection_id = s.connection_id and s.name = 'CLIENT' and s.outcome in ('WAITING', 'KEPT')
                           and r.registration = :registration and r.client_id = :clientId""")
                .param("outcome", (event.deleted() ? ReceiptOutcome.DONE : ReceiptOutcome.GIVEN_UP).name())
                .param(
                        "detail",
                        event.deleted()
                                ? "The provider deleted it: " + event.answer() + "."
                                : "The provider did not delete it: " + event.answer()
                                        + ". Remove the client there by hand.")
                .param("at", Stamps.in(at))
                .param("registration", event.registrationId().toString())
                .param("clientId", event.clientId())
                .update();
    }

    @EventHandler
    void on(ProviderRevocationTried event) {
        jdbc.sql("update connectors.receipt set provider_told = true where connection_id = :id")
                .param("id", event.authorizationId().value())
                .update();
    }

    @EventHandler
    void on(RevokedProbed event, @Timestamp Instant at) {
        UUID id = event.credentialId().value();
        ProbePlan.Next next = jdbc.sql("""
                        select revoked_at, token_expires_at, shredded,
                               exists (select 1 from connectors.receipt_step s
                                        where s.connection_id = r.connection_id and s.outcome = 'DONE'
                                          and s.name in ('REFRESH_TOKEN', 'ACCESS_TOKEN')) as told
                          from connectors.receipt r where connection_id = :id""")
                .param("id", id)
                .query((row, n) -> new Probed(
                        row.getBoolean("shredded"),
                        plan.after(
                                event.verdict(),
                                event.detail(),
                                Stamps.required(row, "revoked_at"),
                                at,
                                Stamps.out(row, "token_expires_at"),
                                row.getBoolean("told"))))
                .optional()
                // With what is destroyed nobody can ask again.
                .filter(probed -> !probed.shredded() || probed.next().outcome() != ReceiptOutcome.WAITING)
                .map(Probed::next)
                .orElse(null);
        if (next != null) {
            step(id, ReceiptStepName.SERVER_REFUSES, next.outcome(), next.detail(), at, next.again());
        }
    }

    private record Probed(boolean shredded, ProbePlan.Next next) {}

    @EventHandler
    void on(SecretsShredded event, @Timestamp Instant at) {
        UUID id = event.credentialId().value();
        jdbc.sql("""
                        update connectors.receipt_step
                           set outcome = :outcome, detail = :detail, at = :at, next_try = null
                         where connection_id = :id and name = :name and outcome = 'WAITING'""")
                .param("outcome", ReceiptOutcome.GIVEN_UP.name())
                .param("detail", NOT_ASKED_TO_THE_END)
                .param("at", Stamps.in(at))
                .param("id", id)
                .param("name", ReceiptStepName.SERVER_REFUSES.name())
                .update();
        step(
                id,
                ReceiptStepName.SHREDDED,
                ReceiptOutcome.DONE,
                Sentences.count(event.fingerprints().size(), "sealed secret")
                        + " destroyed: the wrapped keys are deleted, the fingerprints stay.",
                at,
                null);
        jdbc.sql("""
                        update connectors.receipt
                           set shredded = true, fingerprints = fingerprints || cast(:prints as jsonb)
                         where connection_id = :id""")
                .param("prints", json.writeValueAsString(event.fingerprints()))
                .param("id", id)
                .update();
    }

    private boolean open(UUID id, String reason, @Nullable String actor, Instant at, @Nullable CredentialFacts facts) {
        return jdbc.sql("""
                        insert into connectors.receipt
                               (connection_id, connector_id, agent_id, auth_type, reason, asked_by, revoked_at, server_url,
                                headers, issuer, token_expires_at)
                        select x.connection_id, x.connector_id, x.agent_id, x.auth_type, :reason, :actor, :at,
                               coalesce(x.server_url, c.url), coalesce(x.headers, c.settings -> 'customHeaders'),
                               :issuer, :expires
                          from connectors.connection x join connectors.connector c on c.connector_id = x.connector_id
                         where x.connection_id = :id
                        on conflict do nothing""")
                        .param("id", id)
                        .param("reason", reason)
                        .param("actor", actor)
                        .param("at", Stamps.in(at))
                        .param("issuer", facts == null ? null : facts.issuer())
                        .param("expires", facts == null ? null : Stamps.in(facts.expiresAt()))
                        .update()
                == 1;
    }

    private void begin(UUID id, ReceiptStepName name, String detail, Instant at) {
        write(id, name, ReceiptOutcome.WAITING, detail, at, null, 0);
    }

    private void step(
            UUID id, ReceiptStepName name, ReceiptOutcome outcome, String detail, Instant at, @Nullable Instant next) {
        write(id, name, outcome, detail, at, next, 1);
    }

    /** Of a credential without a connection there is no receipt. */
    private void write(
            UUID id,
            ReceiptStepName name,
            ReceiptOutcome outcome,
            String detail,
            Instant at,
            @Nullable Instant next,
            int tries) {
        jdbc.sql("""
                        insert into connectors.receipt_step (connection_id, name, outcome, detail, at, tries, next_try)
                        select connection_id, :name, :outcome, :detail, :at, :tries, :next
                          from connectors.receipt where connection_id = :id
                        on conflict (connection_id, name) do update
                           set outcome = excluded.outcome, detail = excluded.detail, at = excluded.at,
                               tries = receipt_step.tries + excluded.tries, next_try = excluded.next_try""")
                .param("id", id)
                .param("name", name.name())
                .param("outcome", outcome.name())
                .param("detail", detail)
                .param("at", Stamps.in(at))
                .param("tries", tries)
                .param("next", Stamps.in(next))
                .update();
    }
}
