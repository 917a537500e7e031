package dev.claviger.connectors;

import dev.claviger.credentials.api.CredentialCommand.RevokeToken;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialRejected;
import dev.claviger.credentials.outbound.Effect;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Revokes the credential of a connection that ended or was replaced: a durable job, so that no crash leaves it alive. */
@Component
class RevokeCredential extends Effect<RevokeCredential.Data> {

    record Data(CredentialId credentialId, String reason) {}

    private static final Logger log = LoggerFactory.getLogger(RevokeCredential.class);

    private final CommandGateway commands;

    RevokeCredential(CommandGateway commands) {
        super("connectors.revoke-credential", Data.class, 20, Duration.ofSeconds(1));
        this.commands = commands;
    }

    @Override
    protected void perform(Data data) {
        try {
            commands.sendAndWait(new RevokeToken(data.credentialId(), data.reason()));
        } catch (CredentialRejected | AggregateNotFoundException e) {
            log.warn("{} was not revoked: {}", data.credentialId(), e.getMessage());
        }
    }

    /** The page of jobs tells; what can be said without the event store is said here. */
    @Override
    protected void giveUp(Data data, RuntimeException cause) {
        log.error("{} is still usable: revoking it failed to the last", data.credentialId(), cause);
    }
}
