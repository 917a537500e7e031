package dev.claviger.connectors;

import dev.claviger.credentials.outbound.Effect;
import dev.claviger.toolsync.api.ToolCatalogCommand.ClearCatalog;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Clears the catalogue of a connector whose URL is another now: those tools belong to another server. */
@Component
class ForgetTools extends Effect<ForgetTools.Data> {

    record Data(ToolCatalogId catalogId, String reason) {}

    private static final Logger log = LoggerFactory.getLogger(ForgetTools.class);

    private final CommandGateway commands;

    ForgetTools(CommandGateway commands) {
        super("connectors.forget-tools", Data.class, 10, Duration.ofMillis(200));
        this.commands = commands;
    }

    @Override
    protected void perform(Data data) {
        try {
            commands.sendAndWait(new ClearCatalog(data.catalogId(), data.reason()));
        } catch (AggregateNotFoundException e) {
            log.debug("{} was never filled", data.catalogId());
        }
    }

    /** The next listing replaces the tools; until then the page of jobs tells. */
    @Override
    protected void giveUp(Data data, RuntimeException cause) {
        log.error("{} still holds the tools of the former server; list its tools", data.catalogId(), cause);
    }
}
