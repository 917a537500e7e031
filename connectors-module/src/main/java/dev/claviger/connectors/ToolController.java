package dev.claviger.connectors;

import dev.claviger.connectors.ToolTrials.Ending;
import dev.claviger.connectors.ToolTrials.Trial;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorQuery.FindLiveConnections;
import dev.claviger.connectors.api.ConnectorQuery.LiveConnections;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.oauth.api.ConsentBinding;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCalls.InputAsked;
import dev.claviger.toolsync.api.ToolCalls.InputPolicy;
import dev.claviger.toolsync.api.ToolCalls.Outcome;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.api.ToolCatalogQuery.FindTool;
import dev.claviger.toolsync.api.ToolCatalogRejected;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One tool: what its server says of it, and a form to try it. Nothing of a result is kept; it is shown once. */
@Controller
@RequestMapping("/connectors/{id}/tools/{name}")
class ToolController {

    private static final int AGENTS = 1_000;

    private final Answers answers;
    private final ToolTrials trials;
    private final HelpTexts help;

    ToolController(Answers answers, ToolTrials trials, HelpTexts help) {
        this.answers = answers;
        this.trials = trials;
        this.help = help;
    }

    @GetMapping
    String page(@PathVariable String id, @PathVariable String name, @RequestParam @Nullable String again, Model model) {
        ConnectorDetail connector = connector(id);
        Tool tool = tool(connector, name);
        SchemaForm form = ToolForm.form(tool);
        model.addAttribute("again", again != null);
        show(model, connector, tool, null);
        model.addAttribute("fields", form.blank());
        model.addAttribute("byFields", form.fits());
        model.addAttribute("json", "{}");
        return "connectors/tool";
    }

    @PostMapping
    String call(
            @PathVariable String id,
            @PathVariable String name,
            @RequestParam UUID callId,
            @RequestParam @Nullable String agentId,
            @RequestParam MultiValueMap<String, String> sent,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        ConnectorDetail connector = connector(id);
        Tool tool = tool(connector, name);
        ToolForm form = new ToolForm(tool, sent);
        AgentId agent = agentId == null || agentId.isBlank() ? null : Ids.agent(agentId);
        show(model, connector, tool, agent);
        model.addAttribute("fields", form.typed());
        model.addAttribute("byFields", ToolForm.form(tool).fits());
        model.addAttribute("json", form.json());
        model.addAttribute("openJson", !form.isByFields());
        model.addAttribute("errors", form.errors());
        if (!form.errors().isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            model.addAttribute("invalid", true);
            model.addAttribute("confirmed", sent.getFirst(ToolForm.CONFIRMED) != null);
            ask(model, form.asked(), form);
            return "connectors/tool";
        }
        try {
            Ending ending = trials.call(new Trial(
                    connector.row().connectorId(),
                    agent,
                    callId,
                    tool.name(),
                    form.arguments(),
                    InputPolicy.ASK_THE_PERSON,
                    form.answers(),
                    ConsentBinding.of(request)));
            tell(model, ending, form);
        } catch (ConnectorRejected | ToolCatalogRejected refusal) {
            response.setStatus(HttpStatus.CONFLICT.value());
            model.addAttribute("refusal", refusal.getMessage());
        }
        return "connectors/tool";
    }

    private void show(Model model, ConnectorDetail connector, Tool tool, @Nullable AgentId agent) {
        model.addAttribute("title", tool.name());
        model.addAttribute("section", "connectors");
        model.addAttribute("tool", ToolPanel.of(connector, tool));
        model.addAttribute("callId", UUID.randomUUID());
        boolean perAgent = connector.settings().mode() == CredentialMode.PER_AGENT
                && connector.settings().authType() != AuthType.NONE;
        model.addAttribute("perAgent", perAgent);
        List<Map<String, Object>> agents = perAgent ? agents(connector, agent) : List.of();
        model.addAttribute("agents", agents);
        boolean callable = perAgent
                ? !agents.isEmpty()
                : connector.settings().authType() == AuthType.NONE || connector.sharedConnection() != null;
        model.addAttribute("callable", callable);
        model.addAttribute("agentId", agent == null ? null : agent.value());
    }

    private List<Map<String, Object>> agents(ConnectorDetail connector, @Nullable AgentId chosen) {
        return answers
                .one(new FindLiveConnections(connector.row().connectorId(), AGENTS), LiveConnections.class)
                .items()
                .stream()
                .filter(live -> live.agentId() != null)
                .map(live -> Map.<String, Object>of(
                        "uuid", live.agentId().value(),
                        "name", String.valueOf(live.agentName()),
                        "chosen", live.agentId().equals(chosen)))
                .toList();
    }

    private void tell(Model model, Ending ending, ToolForm form) {
        if (ending instanceof Ending.Connecting connecting) {
            model.addAttribute("connecting", connecting.attempt().value());
            model.addAttribute("wantedScope", connecting.scope());
            return;
        }
        Ending.Called called = (Ending.Called) ending;
        if (called.outcome() instanceof Outcome.Failed failed) {
            model.addAttribute("trouble", help.trouble(failed.failure()));
        } else if (called.outcome() instanceof Outcome.InputRequired required) {
            ask(model, AskedView.of(required.asked()), form);
        } else if (called.outcome() instanceof Outcome.Completed completed) {
            model.addAttribute("result", ResultView.of(completed, called.took()));
            List<InputAsked> open = completed.asked().stream()
                    .filter(asked -> !form.answers().containsKey(asked.key()))
                    .toList();
            ask(model, AskedView.of(open), form);
        }
    }

    private static void ask(Model model, List<AskedView> asked, ToolForm form) {
        ObjectNode before = JsonNodeFactory.instance.objectNode();
        form.answers().forEach(before::set);
        model.addAttribute("asked", asked);
        model.addAttribute("anyAsked", !asked.isEmpty());
        model.addAttribute("sentArguments", form.arguments().toString());
        model.addAttribute("sentAnswers", before.toString());
    }

    private ConnectorDetail connector(String id) {
        ConnectorDetail connector = answers.need(new FindConnector(Ids.connector(id)), ConnectorDetail.class);
        if (connector.removed()) {
            throw new NotFound("This connector is removed.");
        }
        return connector;
    }

    private Tool tool(ConnectorDetail connector, String segment) {
        return answers.maybe(
                        new FindTool(
                                new ToolCatalogId(connector.row().connectorId().value()), ToolAddress.name(segment)),
                        Tool.class)
                .orElseThrow(() -> new NotFound(
                        "The server lists no such tool now. It may have been renamed; list the tools again."));
    }
}
