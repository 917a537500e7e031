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

/** Ends a code exchange whose process died on the way: a code works once, so it is never tried again. */
@Component
class WatchExchange extends Effect<AuthorizationJob> {

    static final Failure INTERRUPTED = new Failure(
            FailureCode.EXCHANGE_INTERRUPTED,
            "The exchange of the code was interrupted, so the answer may be lost; connect again.");

    private static final Logger log = LoggerFactory.getLogger(WatchExchange.class);

    private final CommandGateway commands;

    WatchExchange(CommandGateway commands) {
        super("oauth.watch-exchange", AuthorizationJob.class, 20, Duration.ofSeconds(1));
        this.commands = commands;
    }

    @Override
    protected void perform(AuthorizationJob job) {
        commands.sendAndWait(new RecordFailure(job.authorizationId(), AuthorizationStep.CODE_EXCHANGE, INTERRUPTED));
    }

    @Override
    protected void giveUp(AuthorizationJob job, RuntimeException cause) {
        log.error("{} could not be ended; abandon it by connecting again", job.authorizationId());
    }
}
