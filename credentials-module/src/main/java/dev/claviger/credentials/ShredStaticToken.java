package dev.claviger.credentials;

import dev.claviger.credentials.api.CredentialCommand.ShredSecrets;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.outbound.Effect;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.stereotype.Component;

/** Destroys a revoked bearer token or API key: there is no provider to tell first. */
@Component
class ShredStaticToken extends Effect<ShredStaticToken.Job> {

    record Job(CredentialId credentialId) {}

    private final CommandGateway commands;

    ShredStaticToken(CommandGateway commands) {
        super("credentials.shred", Job.class, 20, Duration.ofSeconds(2));
        this.commands = commands;
    }

    @Override
    protected void perform(Job job) {
        commands.sendAndWait(new ShredSecrets(job.credentialId(), "There is nothing to revoke at a provider"));
    }

    /** Nothing outside was asked, so only a bug leads here; the list of given-up jobs tells it, and it can be run again. */
    @Override
    protected void giveUp(Job job, RuntimeException cause) {}
}
