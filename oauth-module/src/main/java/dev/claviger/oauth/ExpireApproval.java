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

/** Ends an authorization whose issuer nobody approved in time; does nothing when somebody did. */
@Component
class ExpireApproval extends Effect<AuthorizationJob> {

    /** Long enough to ask the provider. */
    static final Duration VALIDITY = Duration.ofHours(1);

    private static final Failure EXPIRED = new Failure(
            FailureCode.ISSUER_CHANGED,
            "Nobody approved the authorization server within an hour; connect again to be asked once more.");

    private static final Logger log = LoggerFactory.getLogger(ExpireApproval.class);

    private final CommandGateway commands;

    ExpireApproval(CommandGateway commands) {
        super("oauth.expire-approval", AuthorizationJob.class, 20, Duration.ofSeconds(1));
        this.commands = commands;
    }

    @Override
    protected void perform(AuthorizationJob job) {
        commands.sendAndWait(new RecordFailure(job.authorizationId(), AuthorizationStep.APPROVAL, EXPIRED));
    }

    @Override
    protected void giveUp(AuthorizationJob job, RuntimeException cause) {
        log.error("{} could not be ended; abandon it by connecting again", job.authorizationId());
    }
}
