package dev.claviger.connectors;

import dev.claviger.connectors.ConnectorJson.FailureAnswer;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionHealth;
import dev.claviger.connectors.api.ConnectorQuery.FindConnectionHealth;
import dev.claviger.connectors.api.ConnectorQuery.HealthCounts;
import dev.claviger.connectors.api.ConnectorQuery.HealthPage;
import dev.claviger.toolsync.api.HealthQuery.HealthFacts;
import dev.claviger.toolsync.api.HealthQuery.Proof;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Admin API: how the credentials of live connections were found at their last check. */
@RestController
@RequestMapping("/api/v1")
class HealthApi {

    /**
     * @param state {@code healthy}, {@code refused}, {@code unreachable}, {@code unproven} or {@code unchecked}
     * @param agentId whose; null: everybody's
     */
    record Line(
            ConnectionId connectionId,
            ConnectorId connectorId,
            String connectorName,
            @Nullable AgentId agentId,
            @Nullable String agentName,
            String state,
            @Nullable Instant since,
            @Nullable FailureAnswer failure) {}

    /** @param counts of all live connections with a credential */
    record Lines(List<Line> items, int total, HealthCounts counts) {}

    /**
     * @param without what the server did without a credential: {@code listed}, {@code empty}, {@code refused}
     * @param withWrong what it did with one that nobody gave out; also {@code not_tried}
     * @param proves whether a listing tells a good credential from a bad one
     */
    record ProofAnswer(String without, String withWrong, boolean proves, Instant foundOutAt) {}

    /**
     * @param state as in the list
     * @param checkedAt the last check, whatever came of it
     * @param provedAt the last check that proved the credential good
     * @param dueAt the next check
     * @param proof what a listing proves at this server; null until it was found out
     */
    record Health(
            ConnectionId connectionId,
            String state,
            @Nullable Instant since,
            @Nullable Instant checkedAt,
            @Nullable Instant provedAt,
            Instant dueAt,
            @Nullable FailureAnswer failure,
            @Nullable ProofAnswer proof) {}

    private static final int PAGE = 50;
    private static final int LONGEST_WAIT = 30;

    private final Answers answers;
    private final HealthChecks checks;
    private final String publicUrl;

    HealthApi(Answers answers, HealthChecks checks, @Value("${claviger.public-url}") String publicUrl) {
        this.answers = answers;
        this.checks = checks;
        this.publicUrl = publicUrl;
    }

    /**
     * The live connections with a credential, the refused ones first.
     *
     * @param state only those found so: {@code healthy}, {@code refused}, {@code unreachable}, {@code unproven}, {@code
     *     unchecked}
     */
    @GetMapping("/health")
    Lines list(
            @RequestParam @Nullable String q,
            @RequestParam @Nullable String state,
            @RequestParam @Nullable Integer offset,
            @RequestParam @Nullable Integer limit) {
        HealthFilter filter = HealthFilter.demand(state);
        HealthPage page = answers.one(
                new FindConnectionHealth(
                        Pager.search(q),
                        filter.state(),
                        filter.unchecked(),
                        Pager.offset(offset),
                        Pager.limit(limit, PAGE)),
                HealthPage.class);
        return new Lines(page.items().stream().map(this::line).toList(), page.total(), page.counts());
    }

    @GetMapping("/connections/{id}/health")
    Health health(@PathVariable String id) {
        ConnectionId connection = Ids.connection(id);
        return health(
                connection,
                checks.facts(connection)
                        .orElseThrow(() -> new NotFound("This connection has no credential that is checked now.")));
    }

    /**
     * Checks the credential now.
     *
     * @param wait seconds to wait for the outcome, 0 to 30; what is answered after that may be of the check before
     */
    @PostMapping("/connections/{id}/health")
    Health check(@PathVariable String id, @RequestParam(defaultValue = "5") int wait) {
        ConnectionId connection = Ids.connection(id);
        return health(
                connection, checks.check(connection, Duration.ofSeconds(Math.max(0, Math.min(LONGEST_WAIT, wait)))));
    }

    private Line line(ConnectionHealth health) {
        return new Line(
                health.connectionId(),
                health.connectorId(),
                health.connectorName(),
                health.agentId(),
                health.agentName(),
                HealthFilter.word(health.state()),
                health.since(),
                FailureAnswer.of(health.failure(), publicUrl));
    }

    private Health health(ConnectionId connection, HealthFacts facts) {
        Proof proof = facts.proof();
        return new Health(
                connection,
                HealthFilter.word(facts.state()),
                facts.since(),
                facts.checkedAt(),
                facts.provedAt(),
                facts.dueAt(),
                FailureAnswer.of(facts.cause(), publicUrl),
                proof == null
                        ? null
                        : new ProofAnswer(
                                Words.lower(proof.without()),
                                Words.lower(proof.withWrong()),
                                proof.proves(),
                                proof.foundOutAt()));
    }
}
