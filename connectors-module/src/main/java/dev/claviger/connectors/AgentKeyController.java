package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentCommand.RevokeAgentKey;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentDetail;
import dev.claviger.connectors.api.AgentQuery.FindAgent;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.view.RedirectView;

/** An agent's API keys: issuing, which is also the first half of rotating, and revoking. */
@Controller
class AgentKeyController {

    private final Answers answers;
    private final AgentKeys keys;
    private final CommandGateway commands;

    AgentKeyController(Answers answers, AgentKeys keys, CommandGateway commands) {
        this.answers = answers;
        this.keys = keys;
        this.commands = commands;
    }

    /** Answers the page with the key itself instead of a redirect: the key must not wait in a session for the next page. */
    @PostMapping("/agents/{id}/keys")
    String issue(@PathVariable String id, @RequestParam UUID key, HttpServletResponse response, Model model) {
        AgentDetail agent = find(Ids.agent(id));
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        model.addAttribute("title", "New key for " + agent.name());
        model.addAttribute("section", "agents");
        model.addAttribute("uuid", agent.agentId().value());
        model.addAttribute("name", agent.name());
        model.addAttribute("rotating", !agent.keys().isEmpty());
        keys.issue(agent.agentId(), key).ifPresent(issued -> model.addAttribute("key", issued));
        return "connectors/agent-key";
    }

    @GetMapping("/agents/{id}/keys/{key}/revoke")
    String askRevoke(@PathVariable String id, @PathVariable UUID key, Model model) {
        AgentDetail agent = find(Ids.agent(id));
        String page = "/agents/" + agent.agentId().value();
        return new Confirm(
                        "Revoke this key of " + agent.name() + "?",
                        List.of(
                                "Whoever uses the key is refused from this moment on.",
                                "Other keys of the agent go on working."),
                        page + "/keys/" + key + "/revoke",
                        "Revoke the key",
                        page)
                .show("agents", model);
    }

    @PostMapping("/agents/{id}/keys/{key}/revoke")
    RedirectView revoke(@PathVariable String id, @PathVariable UUID key, RedirectAttributes redirect) {
        AgentId agent = Ids.agent(id);
        commands.sendAndWait(new RevokeAgentKey(agent, key));
        answers.until(() ->
                find(agent).keys().stream().noneMatch(known -> known.keyId().equals(key)));
        redirect.addFlashAttribute("flash", "The key is revoked.");
        return Go.to("/agents/" + agent.value());
    }

    private AgentDetail find(AgentId id) {
        return answers.need(new FindAgent(id), AgentDetail.class);
    }
}
