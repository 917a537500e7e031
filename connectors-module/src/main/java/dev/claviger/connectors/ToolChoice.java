package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentCommand.ChooseTools;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentDetail;
import dev.claviger.connectors.api.AgentQuery.FindAgent;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.api.ToolCatalogQuery.FindTools;
import dev.claviger.toolsync.api.ToolCatalogQuery.ToolPage;
import java.util.LinkedHashSet;
import java.util.Set;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.stereotype.Component;

/** Sets which tools of a connector an agent may use. */
@Component
class ToolChoice {

    private static final int PAGE = 1_000;

    private final Answers answers;
    private final CommandGateway commands;

    ToolChoice(Answers answers, CommandGateway commands) {
        this.answers = answers;
        this.commands = commands;
    }

    /** The names of all tools the connector has now. */
    Set<String> all(ConnectorId connector) {
        Set<String> names = new LinkedHashSet<>();
        for (int offset = 0; ; offset += PAGE) {
            ToolPage page = answers.one(
                    new FindTools(new ToolCatalogId(connector.value()), null, offset, PAGE), ToolPage.class);
            page.items().forEach(tool -> names.add(tool.name()));
            if (page.items().size() < PAGE) {
                return names;
            }
        }
    }

    /** Waits until pages show it. */
    void save(AgentId agent, ConnectorId connector, Set<String> tools) {
        commands.sendAndWait(new ChooseTools(agent, connector, Set.copyOf(tools)));
        answers.until(() -> chosen(agent, connector).equals(tools));
    }

    Set<String> chosen(AgentId agent, ConnectorId connector) {
        Set<String> chosen = new LinkedHashSet<>();
        answers.need(new FindAgent(agent), AgentDetail.class).choices().stream()
                .filter(choice -> choice.connectorId().equals(connector))
                .forEach(choice -> chosen.addAll(choice.tools()));
        return chosen;
    }
}
