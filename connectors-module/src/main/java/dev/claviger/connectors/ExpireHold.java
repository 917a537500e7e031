package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorCommand.FailConnection;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Effect;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Discards a connection whose other account nobody accepted in time; does nothing when somebody decided. */
@Component
class ExpireHold extends Effect<ExpireHold.Data> {

    record Data(ConnectorId connectorId, ConnectionId connectionId) {}

    /** Long enough to ask whose account it is. */
    static final Duration VALIDITY = Duration.ofHours(1);

    static final Failure EXPIRED = new Failure(
            FailureCode.WRONG_ACCOUNT,
            "Nobody accepted the other account within an hour, so the new credential was revoked. Connect again and"
                    + " sign in with the account that is expected.");

    private static final Logger log = LoggerFactory.getLogger(ExpireHold.class);

    private final CommandGateway commands;

    ExpireHold(CommandGateway commands) {
        super("connectors.expire-hold", Data.class, 20, Duration.ofSeconds(1));
        this.commands = commands;
    }

    @Override
    protected void perform(Data data) {
        commands.sendAndWait(new FailConnection(data.connectorId(), data.connectionId(), EXPIRED));
    }

    @Override
    protected void giveUp(Data data, RuntimeException cause) {
        log.error("{} could not be discarded; discard it on its page", data.connectionId(), cause);
    }
}
