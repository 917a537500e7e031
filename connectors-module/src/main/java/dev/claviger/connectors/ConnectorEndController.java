package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectorCommand.Disconnect;
import dev.claviger.connectors.api.ConnectorCommand.RemoveConnector;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.view.RedirectView;

/** Disconnecting and removing a connector, each after asking. */
@Controller
class ConnectorEndController {

    private final Answers answers;
    private final CommandGateway commands;

    ConnectorEndController(Answers answers, CommandGateway commands) {
        this.answers = answers;
        this.commands = commands;
    }

    @GetMapping("/connectors/{id}/disconnect")
    String askDisconnect(@PathVariable String id, Model model) {
        ConnectorDetail connector = find(Ids.connector(id));
        String page = page(connector.row().connectorId());
        return new Confirm(
                        "Disconnect " + connector.row().name() + "?",
                        List.of(
                                "The shared credential is revoked, here at once and at the provider where it can be told.",
                                "Agents get no credential for this connector until somebody connects it again.",
                                "The list of tools, the choices of the agents and the history stay."),
                        page + "/disconnect",
                        "Disconnect",
                        page)
                .show("connectors", model);
    }

    @PostMapping("/connectors/{id}/disconnect")
    RedirectView disconnect(@PathVariable String id, RedirectAttributes redirect) {
        ConnectorId connector = Ids.connector(id);
        find(connector);
        commands.sendAndWait(new Disconnect(connector, null, "Disconnected by hand"));
        answers.until(() -> find(connector).sharedConnection() == null);
        redirect.addFlashAttribute("flash", "Disconnected; the credential is revoked.");
        return Go.to(page(connector));
    }

    @GetMapping("/connectors/{id}/remove")
    String askRemove(@PathVariable String id, Model model) {
        ConnectorDetail connector = find(Ids.connector(id));
        List<String> consequences = new ArrayList<>();
        int live = connector.row().liveConnections();
        if (live > 0) {
            consequences.add("Its " + Words.count(live, "connection") + (live == 1 ? " ends" : " end")
                    + " and what was granted is revoked, here at once and at the provider where it can be told.");
        }
        if (connector.row().toolCount() > 0) {
            consequences.add("Its " + Words.count(connector.row().toolCount(), "tool")
                    + (connector.row().toolCount() == 1 ? " is" : " are") + " offered to no agent any more.");
        }
        consequences.add("The name becomes free. The history stays in the audit trail.");
        String page = page(connector.row().connectorId());
        return new Confirm("Remove " + connector.row().name() + "?", consequences, page + "/remove", "Remove", page)
                .show("connectors", model);
    }

    @PostMapping("/connectors/{id}/remove")
    RedirectView remove(@PathVariable String id, RedirectAttributes redirect) {
        ConnectorId connector = Ids.connector(id);
        String name = find(connector).row().name();
        commands.sendAndWait(new RemoveConnector(connector));
        answers.until(() -> find(connector).removed());
        redirect.addFlashAttribute("flash", name + " is removed.");
        return Go.to("/connectors");
    }

    private ConnectorDetail find(ConnectorId id) {
        return answers.need(new FindConnector(id), ConnectorDetail.class);
    }

    private static String page(ConnectorId id) {
        return "/connectors/" + id.value();
    }
}
