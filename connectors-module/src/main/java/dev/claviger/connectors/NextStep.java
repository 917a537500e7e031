package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import dev.claviger.connectors.api.ConnectorQuery.FindConnection;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.AuthorizationQuery.ConsentLink;
import dev.claviger.oauth.api.AuthorizationQuery.FindConsent;
import java.time.Duration;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** What comes next on the way of an attempt, for programs that wait for it. */
@Component
class NextStep {

    /** How long a request waits for the next step before it answers {@code pending}. */
    static final Duration PATIENCE = Duration.ofSeconds(8);

    private final Answers answers;
    private final Listing listing;
    private final Issuers issuers;
    private final String publicUrl;

    NextStep(Answers answers, Listing listing, Issuers issuers, @Value("${claviger.public-url}") String publicUrl) {
        this.answers = answers;
        this.listing = listing;
        this.issuers = issuers;
        this.publicUrl = publicUrl;
    }

    /**
     * Waits until somebody has to do something, or nobody any more.
     *
     * @param boundTo of the one who asks: only the one who began is told where to consent
     */
    ConnectionJson.Answer await(ConnectionId attempt, String boundTo, Duration patience) {
        answers.until(patience, () -> isDecided(attempt, boundTo));
        ConnectionProgress progress = answers.need(new FindConnection(attempt), ConnectionProgress.class);
        listing.awaitShown(progress);
        Optional<String> url = progress.state() == ConnectionState.AWAITING_CONSENT
                ? consent(attempt, boundTo).map(ConsentLink::url)
                : Optional.empty();
        return ConnectionJson.Answer.of(progress, url, issuers.mismatch(progress), publicUrl);
    }

    private boolean isDecided(ConnectionId attempt, String boundTo) {
        return answers.maybe(new FindConnection(attempt), ConnectionProgress.class)
                .filter(progress -> progress.state() != ConnectionState.RUNNING)
                .filter(progress -> progress.state() != ConnectionState.AWAITING_CONSENT
                        || consent(attempt, boundTo).isPresent())
                .isPresent();
    }

    private Optional<ConsentLink> consent(ConnectionId attempt, String boundTo) {
        return answers.maybe(new FindConsent(new AuthorizationId(attempt.value()), boundTo), ConsentLink.class);
    }
}
