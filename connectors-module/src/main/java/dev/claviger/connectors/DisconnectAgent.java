package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.ConnectorCommand.Disconnect;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.credentials.outbound.Effect;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Ends what a removed agent had at one connector. */
@Component
class DisconnectAgent extends Effect<DisconnectAgent.Data> {

    record Data(ConnectorId connectorId, AgentId agentId, String reason) {}

    private static final Logger log = LoggerFactory.getLogger(DisconnectAgent.class);

    private final CommandGateway commands;

    DisconnectAgent(CommandGateway commands) {
        super("connectors.disconnect-agent", Data.class, 20, Duration.ofSeconds(1));
        this.commands = commands;
    }

    @Override
    protected void perform(Data data) {
        commands.sendAndWait(new Disconnect(data.connectorId(), data.agentId(), data.reason()));
    }

    @Override
    protected void giveUp(Data data, RuntimeException cause) {
        log.error("{} is still connected at {}; disconnect it there", data.agentId(), data.connectorId(), cause);
    }
}
