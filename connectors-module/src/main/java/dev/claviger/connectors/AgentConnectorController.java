package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentDetail;
import dev.claviger.connectors.api.AgentQuery.FindAgent;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorCommand.Disconnect;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.oauth.api.ConsentBinding;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.api.ToolCatalogQuery.FindTools;
import dev.claviger.toolsync.api.ToolCatalogQuery.ToolPage;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.view.RedirectView;

/** What an agent has of a connector: its own connection, and the tools chosen for it. */
@Controller
@RequestMapping("/agents/{agent}/connectors/{connector}")
class AgentConnectorController {

    private static final int PAGE = 200;

    private final Answers answers;
    private final Saving saving;
    private final ToolChoice choice;
    private final CommandGateway commands;
    private final Clock clock;

    AgentConnectorController(Answers answers, Saving saving, ToolChoice choice, CommandGateway commands, Clock clock) {
        this.answers = answers;
        this.saving = saving;
        this.choice = choice;
        this.commands = commands;
        this.clock = clock;
    }

    @PostMapping("/connect")
    RedirectView connect(
            @PathVariable String agent,
            @PathVariable String connector,
            @RequestParam UUID attempt,
            @RequestParam @Nullable TypedSecret token,
            @RequestParam @Nullable String lastDay,
            HttpServletRequest request,
            RedirectAttributes redirect) {
        AgentDetail whose = agent(agent);
        ConnectorDetail what = connector(connector);
        AuthType auth = what.settings().authType();
        TypedSecret typed = TypedSecret.orBlank(token);
        TypedEnd end = TypedEnd.of(lastDay, clock.instant());
        String wrong = typed.isBlank()
                ? "Enter the token or key of this agent for " + what.row().name() + "."
                : typed.troubleAsToken(auth == AuthType.BEARER);
        String trouble = wrong == null ? end.trouble() : wrong;
        if (auth != AuthType.OAUTH && trouble != null) {
            redirect.addFlashAttribute("flash", trouble);
            return back(whose.agentId(), what.row().connectorId());
        }
        saving.connect(
                what.row().connectorId(),
                new ConnectionId(attempt),
                whose.agentId(),
                auth == AuthType.OAUTH ? null : typed.secret(),
                end.at(),
                ConsentBinding.of(request));
        return Go.to("/connections/" + attempt);
    }

    @GetMapping("/disconnect")
    String askDisconnect(@PathVariable String agent, @PathVariable String connector, Model model) {
        AgentDetail whose = agent(agent);
        ConnectorDetail what = connector(connector);
        String page = "/agents/" + whose.agentId().value();
        return new Confirm(
                        "Disconnect " + whose.name() + " from " + what.row().name() + "?",
                        List.of(
                                "The credential of this agent is revoked, here at once and at the provider where it can be told.",
                                "The tools of this connector are not offered to the agent until it is connected again.",
                                "Its choice of tools and the history stay."),
                        page + "/connectors/" + what.row().connectorId().value() + "/disconnect",
                        "Disconnect",
                        page)
                .show("agents", model);
    }

    @PostMapping("/disconnect")
    RedirectView disconnect(@PathVariable String agent, @PathVariable String connector, RedirectAttributes redirect) {
        AgentId whose = agent(agent).agentId();
        ConnectorId what = connector(connector).row().connectorId();
        commands.sendAndWait(new Disconnect(what, whose, "Disconnected by hand"));
        answers.until(() -> agent(agent).connections().stream()
                .noneMatch(connection -> connection.connectorId().equals(what) && connection.live() != null));
        redirect.addFlashAttribute("flash", "Disconnected; the credential is revoked.");
        return back(whose, what);
    }

    @GetMapping("/tools")
    String tools(
            @PathVariable String agent,
            @PathVariable String connector,
            @RequestParam @Nullable String q,
            @RequestParam @Nullable Integer offset,
            Model model) {
        AgentDetail whose = agent(agent);
        ConnectorDetail what = connector(connector);
        String search = Pager.search(q);
        int from = Pager.offset(offset);
        ToolPage page = answers.one(
                new FindTools(new ToolCatalogId(what.row().connectorId().value()), search, from, PAGE), ToolPage.class);
        Set<String> chosen = AgentCards.chosen(whose, what.row());
        String address = "/agents/" + whose.agentId().value() + "/connectors/"
                + what.row().connectorId().value() + "/tools";
        model.addAttribute("title", "Tools of " + what.row().name() + " for " + whose.name());
        model.addAttribute("section", "agents");
        model.addAttribute("agentName", whose.name());
        model.addAttribute("agent", whose.agentId().value());
        model.addAttribute("connector", what.row().connectorId().value());
        model.addAttribute("connectorName", what.row().name());
        model.addAttribute("q", search);
        model.addAttribute("chosen", chosen.size());
        model.addAttribute(
                "tools",
                page.items().stream()
                        .map(tool -> ToolLine.of(tool, chosen.contains(tool.name())))
                        .toList());
        model.addAttribute("allTotal", what.row().toolCount());
        model.addAttribute(
                "pager",
                Pager.of(
                        Pager.address(address, search), from, PAGE, page.items().size(), page.total()));
        return "connectors/agent-tools";
    }

    @PostMapping("/tools")
    RedirectView choose(
            @PathVariable String agent,
            @PathVariable String connector,
            @RequestParam MultiValueMap<String, String> form,
            RedirectAttributes redirect) {
        AgentDetail whose = agent(agent);
        ConnectorDetail what = connector(connector);
        ConnectorId id = what.row().connectorId();
        Set<String> tools = new HashSet<>();
        switch (String.valueOf(form.getFirst("which"))) {
            case "all" -> tools.addAll(choice.all(id));
            case "none" -> {}
            default -> {
                // The page may have shown a part of the tools; the rest of the choice stays.
                tools.addAll(AgentCards.chosen(whose, what.row()));
                tools.removeAll(form.getOrDefault("shown", List.of()));
                tools.addAll(form.getOrDefault("tool", List.of()));
            }
        }
        choice.save(whose.agentId(), id, tools);
        redirect.addFlashAttribute(
                "flash",
                whose.name() + " may use " + Words.count(tools.size(), "tool") + " of "
                        + what.row().name() + ".");
        return back(whose.agentId(), id);
    }

    private static RedirectView back(AgentId agent, ConnectorId connector) {
        return Go.to("/agents/" + agent.value() + "#connector-" + connector.value());
    }

    private AgentDetail agent(String id) {
        return answers.need(new FindAgent(Ids.agent(id)), AgentDetail.class);
    }

    private ConnectorDetail connector(String id) {
        ConnectorDetail connector = answers.need(new FindConnector(Ids.connector(id)), ConnectorDetail.class);
        if (connector.removed()) {
            throw new NotFound("This connector is removed.");
        }
        return connector;
    }
}
