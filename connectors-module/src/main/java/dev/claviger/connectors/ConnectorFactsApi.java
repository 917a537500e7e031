package dev.claviger.connectors;

import dev.claviger.connectors.ConnectorJson.FailureAnswer;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionAttempt;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionAttempts;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.FindAttempts;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorQuery.FindLiveConnections;
import dev.claviger.connectors.api.ConnectorQuery.LiveConnection;
import dev.claviger.connectors.api.ConnectorQuery.LiveConnections;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialQuery.CredentialFacts;
import dev.claviger.credentials.api.CredentialQuery.CredentialFactsList;
import dev.claviger.credentials.api.CredentialQuery.FindCredentials;
import dev.claviger.credentials.api.Identification;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Admin API: what is known of a connector's credential, connections and attempts, without any secret. */
@RestController
@RequestMapping("/api/v1/connectors/{id}")
class ConnectorFactsApi {

    /**
     * The shared credential.
     *
     * @param fingerprint keyed; tells whether two are the same, never what they are
     * @param trouble why the last refresh failed, in words
     * @param refreshTokenExpiresAt when the refresh token ends, as the provider told; whether a refresh puts that off is in
     *     the forecast; null: it did not tell
     * @param refreshTokenIdleDays after how many days without use it dies, as entered for the connector; null: nobody did
     * @param refreshDueAt when it is refreshed at the latest without anybody asking; null: never
     */
    record Credential(
            CredentialId id,
            String kind,
            String state,
            long generation,
            String fingerprint,
            boolean refreshable,
            Instant issuedAt,
            @Nullable Instant refreshedAt,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsedAt,
            @Nullable String scope,
            @Nullable String issuer,
            @Nullable String trouble,
            @Nullable Instant refreshTokenExpiresAt,
            @Nullable Integer refreshTokenIdleDays,
            @Nullable Instant refreshDueAt) {
        static Credential of(CredentialFacts facts) {
            return new Credential(
                    facts.credentialId(),
                    Words.lower(facts.kind()),
                    Words.lower(facts.state()),
                    facts.generation(),
                    facts.fingerprint(),
                    facts.refreshable(),
                    facts.issuedAt(),
                    facts.refreshedAt(),
                    facts.expiresAt(),
                    facts.lastUsedAt(),
                    facts.scope(),
                    facts.issuer(),
                    facts.trouble(),
                    facts.refreshTokenExpiresAt(),
                    facts.idleDays(),
                    facts.refreshDueAt());
        }
    }

    /**
     * @param agentId whose; null: everybody's
     * @param identification whose account it is at the provider; null: nobody was asked
     */
    record Connection(
            ConnectionId connectionId,
            @Nullable AgentId agentId,
            @Nullable String agentName,
            Instant since,
            boolean needsConsent,
            @Nullable Instant expiresAt,
            @Nullable FailureAnswer failure,
            @Nullable Identification identification) {}

    record Connections(List<Connection> items, int total) {}

    record Attempted(
            ConnectionId connectionId,
            @Nullable AgentId agentId,
            @Nullable String agentName,
            String state,
            Instant requestedAt,
            @Nullable Instant finishedAt,
            @Nullable FailureAnswer failure) {}

    record Attempts(List<Attempted> items, int total) {}

    private static final int PAGE = 50;

    private final Answers answers;
    private final String publicUrl;

    ConnectorFactsApi(Answers answers, @Value("${claviger.public-url}") String publicUrl) {
        this.answers = answers;
        this.publicUrl = publicUrl;
    }

    @GetMapping("/credential")
    Credential credential(@PathVariable String id) {
        ConnectorDetail connector = find(id);
        ConnectionId shared = connector.sharedConnection();
        if (shared == null || connector.settings().authType() == AuthType.NONE) {
            throw new NotFound("This connector has no shared credential now.");
        }
        return answers
                .one(new FindCredentials(List.of(new CredentialId(shared.value()))), CredentialFactsList.class)
                .items()
                .stream()
                .findFirst()
                .map(Credential::of)
                .orElseThrow(() -> new NotFound("This connector has no shared credential now."));
    }

    /** The live connections, by agent name. */
    @GetMapping("/connections")
    Connections connections(
            @PathVariable String id, @RequestParam @Nullable Integer offset, @RequestParam @Nullable Integer limit) {
        LiveConnections live = answers.one(
                new FindLiveConnections(known(id), Pager.offset(offset), Pager.limit(limit, PAGE)),
                LiveConnections.class);
        return new Connections(live.items().stream().map(this::connection).toList(), live.total());
    }

    /** The attempts to connect, newest first. */
    @GetMapping("/attempts")
    Attempts attempts(
            @PathVariable String id, @RequestParam @Nullable Integer offset, @RequestParam @Nullable Integer limit) {
        ConnectionAttempts attempts = answers.one(
                new FindAttempts(known(id), Pager.offset(offset), Pager.limit(limit, PAGE)), ConnectionAttempts.class);
        return new Attempts(attempts.items().stream().map(this::attempt).toList(), attempts.total());
    }

    private Connection connection(LiveConnection live) {
        return new Connection(
                live.connectionId(),
                live.agentId(),
                live.agentName(),
                live.since(),
                live.needsConsent(),
                live.expiresAt(),
                FailureAnswer.of(live.failure(), publicUrl),
                live.identification());
    }

    private Attempted attempt(ConnectionAttempt attempt) {
        return new Attempted(
                attempt.connectionId(),
                attempt.agentId(),
                attempt.agentName(),
                Words.lower(attempt.state()),
                attempt.requestedAt(),
                attempt.finishedAt(),
                FailureAnswer.of(attempt.failure(), publicUrl));
    }

    private ConnectorId known(String id) {
        return find(id).row().connectorId();
    }

    private ConnectorDetail find(String id) {
        return answers.need(new FindConnector(Ids.connector(id)), ConnectorDetail.class);
    }
}
