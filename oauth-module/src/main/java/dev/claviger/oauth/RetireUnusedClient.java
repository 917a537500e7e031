package dev.claviger.oauth;

import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.oauth.RegistrationOutcome.RetireRegistration;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.ClientRegistrationId;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Retires a client that no authorization uses any more, so that it is deleted. */
@Component
class RetireUnusedClient extends Effect<RetireUnusedClient.Data> {

    /** @param after which connection was the last to use it; null: scheduled before that was kept */
    record Data(
            ClientRegistrationId registrationId,
            String clientId,
            @Nullable AuthorizationId after) {
        ClientJob client() {
            return new ClientJob(registrationId, clientId);
        }
    }

    private static final Logger log = LoggerFactory.getLogger(RetireUnusedClient.class);

    private final ClientRegistrationTable clients;
    private final ClientStep clientStep;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;

    RetireUnusedClient(
            ClientRegistrationTable clients,
            ClientStep clientStep,
            OneTransaction oneTransaction,
            CommandGateway commands) {
        super("oauth.retire-unused-client", Data.class, 20, Duration.ofSeconds(1));
        this.clients = clients;
        this.clientStep = clientStep;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
    }

    @Override
    protected void perform(Data job) {
        oneTransaction.run(() -> clients.lock(job.registrationId(), job.clientId())
                .ifPresent(row -> {
                    int users = clients.users(job.registrationId(), job.clientId(), null);
                    if (users == 0) {
                        commands.sendAndWait(new RetireRegistration(
                                job.registrationId(),
                                job.clientId(),
                                row.client().clientSecret(),
                                "No authorization uses it any more."));
                    } else if (job.after() != null) {
                        commands.sendAndWait(clientStep.kept(job.after(), job.client(), users));
                    }
                }));
    }

    @Override
    protected void giveUp(Data job, RuntimeException cause) {
        log.error(
                "The client of {} is kept although nothing uses it: retiring it failed to the last",
                job.registrationId());
    }
}
