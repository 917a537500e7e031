package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorRejected;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.view.RedirectView;

/** The buttons about accounts: whose it should be, and what becomes of another. */
@Controller
class WhoseAccountController {

    private final Answers answers;
    private final AccountDecisions decisions;

    WhoseAccountController(Answers answers, AccountDecisions decisions) {
        this.answers = answers;
        this.decisions = decisions;
    }

    @PostMapping("/connections/{uuid}/accept-account")
    RedirectView accept(@PathVariable String uuid) {
        return decided(uuid, decisions::accept);
    }

    @PostMapping("/connections/{uuid}/discard-account")
    RedirectView discard(@PathVariable String uuid) {
        return decided(uuid, decisions::discard);
    }

    /** One that was decided meanwhile, by the clock or by somebody else, shows on the page. */
    private static RedirectView decided(String uuid, Consumer<ConnectionId> decision) {
        ConnectionId attempt = Ids.connection(uuid);
        try {
            decision.accept(attempt);
        } catch (ConnectorRejected e) {
            return Go.to("/connections/" + attempt.value() + "?stay");
        }
        return Go.to("/connections/" + attempt.value());
    }

    @PostMapping("/connectors/{id}/expected-account")
    RedirectView expect(@PathVariable String id, @RequestParam @Nullable String expected, RedirectAttributes redirect) {
        ConnectorId connector = known(id);
        redirect.addFlashAttribute("flash", said(connector, null, expected));
        return Go.to("/connectors/" + connector.value());
    }

    @PostMapping("/agents/{agentId}/connectors/{id}/expected-account")
    RedirectView expectOfAgent(
            @PathVariable String agentId,
            @PathVariable String id,
            @RequestParam @Nullable String expected,
            RedirectAttributes redirect) {
        ConnectorId connector = known(id);
        AgentId agent = Ids.agent(agentId);
        redirect.addFlashAttribute("flash", said(connector, agent, expected));
        return Go.to("/agents/" + agent.value() + "#connector-" + connector.value());
    }

    @PostMapping("/connectors/{id}/account-tool")
    RedirectView ask(@PathVariable String id, @RequestParam @Nullable String tool, RedirectAttributes redirect) {
        ConnectorDetail connector = answers.need(new FindConnector(Ids.connector(id)), ConnectorDetail.class);
        redirect.addFlashAttribute("flash", asked(connector, tool));
        return Go.to("/connectors/" + connector.row().connectorId().value() + "#account");
    }

    private String asked(ConnectorDetail connector, @Nullable String tool) {
        try {
            decisions.ask(connector, tool);
        } catch (ConnectorRejected e) {
            return String.valueOf(e.getMessage());
        }
        return tool == null || tool.isBlank()
                ? "No tool is asked any more whose account it is."
                : "From the next connect on this tool is asked whose account it is.";
    }

    private String said(ConnectorId connector, @Nullable AgentId agent, @Nullable String expected) {
        try {
            decisions.expect(connector, agent, expected);
        } catch (ConnectorRejected e) {
            return String.valueOf(e.getMessage());
        }
        return expected == null || expected.isBlank()
                ? "Whoever signs in at the next connect is right."
                : "A connection of another account will wait for you.";
    }

    private ConnectorId known(String id) {
        return answers.need(new FindConnector(Ids.connector(id)), ConnectorDetail.class)
                .row()
                .connectorId();
    }
}
