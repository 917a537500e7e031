package dev.claviger.oauth;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.oauth.AuthorizationOutcome.RecordFailure;
import dev.claviger.oauth.api.AuthorizationEvent.ClientObtained;
import dev.claviger.oauth.api.AuthorizationStep;
import dev.claviger.oauth.api.ClientOrigin;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Ends an authorization whose consent did not come in time; does nothing when it did. A server that has forgotten a client
 * says so on its own page and sends nobody back, so a client that was registered earlier is retired with it.
 */
@Component
class ExpireConsent extends Effect<AuthorizationJob> {

    static final Failure EXPIRED = new Failure(
            FailureCode.CONSENT_EXPIRED, "Nobody consented within ten minutes; connect again to get a new request.");

    private static final Logger log = LoggerFactory.getLogger(ExpireConsent.class);

    private static final String UNANSWERED =
            "Nobody came back from the consent screen, which is all that can be seen of a server that has forgotten the"
                    + " client.";

    private final AuthorizationTable authorizations;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;
    private final RetireClient retireClient;

    ExpireConsent(
            AuthorizationTable authorizations,
            OneTransaction oneTransaction,
            CommandGateway commands,
            RetireClient retireClient) {
        super("oauth.expire-consent", AuthorizationJob.class, 20, Duration.ofSeconds(1));
        this.authorizations = authorizations;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
        this.retireClient = retireClient;
    }

    @Override
    protected void perform(AuthorizationJob job) {
        oneTransaction.run(() -> {
            boolean expired = commands.<Boolean>sendAndWait(
                    new RecordFailure(job.authorizationId(), AuthorizationStep.CONSENT, EXPIRED));
            if (expired) {
                authorizations
                        .find(job.authorizationId())
                        .map(AuthorizationRow::client)
                        .filter(ExpireConsent::mayBeForgotten)
                        .ifPresent(client -> retireClient.retire(client, UNANSWERED));
            }
        });
    }

    private static boolean mayBeForgotten(ClientObtained client) {
        return client.origin() == ClientOrigin.REUSED;
    }

    @Override
    protected void giveUp(AuthorizationJob job, RuntimeException cause) {
        log.error("{} could not be ended; an expired response is refused nevertheless", job.authorizationId());
    }
}
