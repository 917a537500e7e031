package dev.claviger.oauth;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.oauth.AuthorizationOutcome.RecordFailure;
import dev.claviger.oauth.api.AuthorizationStep;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Ends an authorization whose consent did not come in time; does nothing when it did. */
@Component
class ExpireConsent extends Effect<AuthorizationJob> {

    static final Failure EXPIRED = new Failure(
            FailureCode.CONSENT_EXPIRED, "Nobody consented within ten minutes; connect again to get a new request.");

    private static final Logger log = LoggerFactory.getLogger(ExpireConsent.class);

    private final CommandGateway commands;

    ExpireConsent(CommandGateway commands) {
        super("oauth.expire-consent", AuthorizationJob.class, 20, Duration.ofSeconds(1));
        this.commands = commands;
    }

    @Override
    protected void perform(AuthorizationJob job) {
        commands.sendAndWait(new RecordFailure(job.authorizationId(), AuthorizationStep.CONSENT, EXPIRED));
    }

    @Override
    protected void giveUp(AuthorizationJob job, RuntimeException cause) {
        log.error("{} could not be ended; an expired response is refused nevertheless", job.authorizationId());
    }
}
