package dev.claviger.connectors;

import dev.claviger.connectors.ReceiptQueries.Progress;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.credentials.api.CredentialCommand.ShredSecrets;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.Effects;
import dev.claviger.toolsync.api.ToolCatalogCommand.ProbeRevoked;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Takes the end of a credential one step further, after each that is over: when the provider has been told, has the server
 * asked whether it still takes the token, and when that is known has the secrets destroyed.
 */
@Component
class FollowRevocation extends Effect<FollowRevocation.Data> {

    record Data(CredentialId credentialId) {}

    private static final Logger log = LoggerFactory.getLogger(FollowRevocation.class);

    private final ReceiptQueries receipts;
    private final Effects effects;
    private final CommandGateway commands;
    private final Clock clock;

    FollowRevocation(ReceiptQueries receipts, Effects effects, CommandGateway commands, Clock clock) {
        super("connectors.follow-revocation", Data.class, 20, Duration.ofSeconds(1));
        this.receipts = receipts;
        this.effects = effects;
        this.commands = commands;
        this.clock = clock;
    }

    @Override
    protected void perform(Data data) {
        CredentialId id = data.credentialId();
        Progress progress = receipts.progress(new ConnectionId(id.value())).orElse(null);
        if (progress == null) {
            // No connection was ever made of it, so nobody was ever shown it.
            shred(id);
        } else if (progress.providerTold() && !progress.lateTokensWaiting()) {
            followServer(id, progress);
        }
    }

    private void followServer(CredentialId id, Progress progress) {
        Instant next = progress.nextProbe();
        if (progress.shredded() || !progress.serverWaiting()) {
            shred(id);
        } else if (next != null && next.isAfter(clock.instant())) {
            effects.at(next, this, id + " at " + next, new Data(id));
        } else {
            commands.sendAndWait(new ProbeRevoked(
                    new ToolCatalogId(progress.connectorId().value()),
                    probe(id, progress.probes() + 1),
                    progress.serverUrl(),
                    progress.headers(),
                    id));
        }
    }

    /** The same for the same try, so that one that is asked for twice is made once. */
    private static UUID probe(CredentialId id, int number) {
        return UUID.nameUUIDFromBytes((id + " probe " + number).getBytes(StandardCharsets.UTF_8));
    }

    private void shred(CredentialId id) {
        commands.sendAndWait(new ShredSecrets(id, receipts.answerOfProvider(new ConnectionId(id.value()))));
    }

    /** Only a bug leads here; the secrets go in any case. */
    @Override
    protected void giveUp(Data data, RuntimeException cause) {
        log.error(
                "The end of {} could not be followed to the last; its secrets are destroyed",
                data.credentialId(),
                cause);
        shred(data.credentialId());
    }
}
