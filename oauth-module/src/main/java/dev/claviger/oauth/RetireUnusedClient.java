package dev.claviger.oauth;

import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.oauth.RegistrationOutcome.RetireRegistration;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Retires a client that no authorization uses any more, so that it is deleted. */
@Component
class RetireUnusedClient extends Effect<ClientJob> {

    private static final Logger log = LoggerFactory.getLogger(RetireUnusedClient.class);

    private final ClientRegistrationTable clients;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;

    RetireUnusedClient(ClientRegistrationTable clients, OneTransaction oneTransaction, CommandGateway commands) {
        super("oauth.retire-unused-client", ClientJob.class, 20, Duration.ofSeconds(1));
        this.clients = clients;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
    }

    @Override
    protected void perform(ClientJob job) {
        oneTransaction.run(() -> clients.lock(job.registrationId(), job.clientId())
                .filter(row -> !clients.isUsed(job.registrationId(), job.clientId()))
                .ifPresent(row -> commands.sendAndWait(new RetireRegistration(
                        job.registrationId(),
                        job.clientId(),
                        row.client().clientSecret(),
                        "No authorization uses it any more."))));
    }

    @Override
    protected void giveUp(ClientJob job, RuntimeException cause) {
        log.error("The client of {} is kept although nothing uses it: retiring it failed to the last", job);
    }
}
