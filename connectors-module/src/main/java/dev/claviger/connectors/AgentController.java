package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentCommand.CreateAgent;
import dev.claviger.connectors.api.AgentCommand.EditAgent;
import dev.claviger.connectors.api.AgentCommand.RemoveAgent;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentDetail;
import dev.claviger.connectors.api.AgentQuery.AgentPage;
import dev.claviger.connectors.api.AgentQuery.FindAgent;
import dev.claviger.connectors.api.AgentQuery.FindAgents;
import dev.claviger.connectors.api.AgentQuery.FindRemovedAgent;
import dev.claviger.connectors.api.AgentQuery.RemovedAgent;
import dev.claviger.connectors.api.AgentRejected;
import dev.claviger.connectors.api.ReceiptQuery.FindReceiptsOfAgent;
import dev.claviger.connectors.api.ReceiptQuery.Receipts;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.view.RedirectView;

/** Agents: the list, adding, and the page of one with its keys and what it may use. */
@Controller
class AgentController {

    private static final int PAGE = 50;
    private static final int ENDED = 10;

    private final Answers answers;
    private final CommandGateway commands;
    private final AgentCards cards;
    private final Clock clock;

    AgentController(Answers answers, CommandGateway commands, AgentCards cards, Clock clock) {
        this.answers = answers;
        this.commands = commands;
        this.cards = cards;
        this.clock = clock;
    }

    @GetMapping("/agents")
    String list(@RequestParam @Nullable String q, @RequestParam @Nullable Integer offset, Model model) {
        String search = Pager.search(q);
        int from = Pager.offset(offset);
        Instant now = clock.instant();
        AgentPage page = answers.one(new FindAgents(search, from, PAGE), AgentPage.class);
        model.addAttribute("title", "Agents");
        model.addAttribute("section", "agents");
        model.addAttribute("q", search);
        model.addAttribute(
                "lines",
                page.items().stream().map(row -> AgentLine.of(row, now)).toList());
        model.addAttribute("any", !page.items().isEmpty());
        model.addAttribute("showFilters", search != null || page.total() > 0);
        model.addAttribute(
                "pager",
                Pager.of(
                        Pager.address("/agents", search),
                        from,
                        PAGE,
                        page.items().size(),
                        page.total()));
        return "connectors/agents";
    }

    @GetMapping("/agents/new")
    String blank(Model model) {
        return form(model, UUID.randomUUID(), new AgentEntry("", ""), Map.of(), null);
    }

    @PostMapping("/agents")
    Object create(
            @RequestParam UUID agent,
            @RequestParam @Nullable String name,
            @RequestParam @Nullable String description,
            HttpServletResponse response,
            RedirectAttributes redirect,
            Model model) {
        AgentEntry entry = AgentEntry.of(name, description);
        if (!entry.errors().isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return form(model, agent, entry, entry.errors(), null);
        }
        AgentId id = new AgentId(agent);
        try {
            commands.sendAndWait(new CreateAgent(id, entry.name(), entry.description()));
        } catch (AgentRejected e) {
            response.setStatus(HttpStatus.CONFLICT.value());
            return form(model, agent, entry, Map.of(), e.getMessage());
        }
        answers.until(() -> answers.maybe(new FindAgent(id), AgentDetail.class).isPresent());
        redirect.addFlashAttribute("flash", entry.name() + " is added. Issue a key for it below.");
        return Go.to("/agents/" + agent);
    }

    @GetMapping("/agents/{id}")
    String page(
            @PathVariable String id,
            @RequestParam @Nullable String q,
            @RequestParam @Nullable Integer offset,
            @RequestParam @Nullable String connected,
            @RequestParam @Nullable String failed,
            @RequestParam @Nullable Integer endedFrom,
            Model model) {
        AgentId agent = Ids.agent(id);
        ended(agent, Pager.offset(endedFrom), model);
        return answers.maybe(new FindAgent(agent), AgentDetail.class)
                .map(found -> show(model, found, Pager.search(q), Pager.offset(offset), connected, failed))
                .orElseGet(() -> removed(model, answers.need(new FindRemovedAgent(agent), RemovedAgent.class)));
    }

    private static String removed(Model model, RemovedAgent agent) {
        model.addAttribute("title", agent.name());
        model.addAttribute("section", "agents");
        model.addAttribute("uuid", agent.agentId().value());
        model.addAttribute("name", agent.name());
        model.addAttribute("description", agent.description());
        return "connectors/agent-removed";
    }

    @PostMapping("/agents/{id}")
    Object edit(
            @PathVariable String id,
            @RequestParam @Nullable String name,
            @RequestParam @Nullable String description,
            HttpServletResponse response,
            RedirectAttributes redirect,
            Model model) {
        AgentDetail agent = find(Ids.agent(id));
        AgentEntry entry = AgentEntry.of(name, description);
        Map<String, String> errors = entry.errors();
        String refusal = null;
        if (errors.isEmpty()) {
            try {
                commands.sendAndWait(new EditAgent(agent.agentId(), entry.name(), entry.description()));
                answers.until(() -> {
                    AgentDetail seen = find(agent.agentId());
                    return seen.name().equals(entry.name())
                            && seen.description().equals(entry.description());
                });
                redirect.addFlashAttribute("flash", "The changes are saved.");
                return Go.to("/agents/" + agent.agentId().value());
            } catch (AgentRejected e) {
                refusal = e.getMessage();
            }
        }
        response.setStatus(refusal == null ? HttpStatus.UNPROCESSABLE_CONTENT.value() : HttpStatus.CONFLICT.value());
        ended(agent.agentId(), 0, model);
        show(model, agent, null, 0, null, null);
        model.addAttribute("entry", entry);
        model.addAttribute("errors", errors);
        model.addAttribute("refusal", refusal);
        model.addAttribute("editing", true);
        return "connectors/agent";
    }

    @GetMapping("/agents/{id}/remove")
    String askRemove(@PathVariable String id, Model model) {
        AgentDetail agent = find(Ids.agent(id));
        String page = "/agents/" + agent.agentId().value();
        return new Confirm(
                        "Remove " + agent.name() + "?",
                        List.of(
                                "Its keys are revoked at once; whoever uses them is refused.",
                                "Its own connections end and their credentials are revoked.",
                                "The history stays in the audit trail."),
                        page + "/remove",
                        "Remove",
                        page)
                .show("agents", model);
    }

    @PostMapping("/agents/{id}/remove")
    RedirectView remove(@PathVariable String id, RedirectAttributes redirect) {
        AgentDetail agent = find(Ids.agent(id));
        commands.sendAndWait(new RemoveAgent(agent.agentId()));
        answers.until(() ->
                answers.maybe(new FindAgent(agent.agentId()), AgentDetail.class).isEmpty());
        redirect.addFlashAttribute("flash", agent.name() + " is removed.");
        return Go.to("/agents");
    }

    private String show(
            Model model,
            AgentDetail agent,
            @Nullable String search,
            int offset,
            @Nullable String connected,
            @Nullable String failed) {
        Instant now = clock.instant();
        model.addAttribute("title", agent.name());
        model.addAttribute("section", "agents");
        model.addAttribute("uuid", agent.agentId().value());
        // Under a second name for lists whose lines have a uuid of their own.
        model.addAttribute("agentUuid", agent.agentId().value());
        model.addAttribute("name", agent.name());
        model.addAttribute("description", agent.description());
        model.addAttribute("entry", new AgentEntry(agent.name(), agent.description()));
        model.addAttribute(
                "keys",
                agent.keys().stream().map(key -> AgentKeyLine.of(key, now)).toList());
        model.addAttribute("hasKeys", !agent.keys().isEmpty());
        model.addAttribute("canIssue", agent.keys().size() < 2);
        model.addAttribute("newKey", UUID.randomUUID());
        cards.show(agent, search, offset, connected, failed, model);
        return "connectors/agent";
    }

    /** Each with its receipt, since somebody will ask whether the credential is dead. */
    private void ended(AgentId agent, int offset, Model model) {
        Instant now = clock.instant();
        Receipts receipts = answers.one(new FindReceiptsOfAgent(agent, offset, ENDED), Receipts.class);
        model.addAttribute(
                "ended",
                receipts.items().stream()
                        .map(receipt -> ReceiptPanel.of(receipt, now))
                        .toList());
        model.addAttribute("anyEnded", receipts.total() > 0);
        Pager pager = Pager.of(
                "/agents/" + agent.value(),
                "endedFrom",
                "#ended",
                offset,
                ENDED,
                receipts.items().size(),
                receipts.total());
        model.addAttribute("endedPager", Map.of("pager", pager));
    }

    private AgentDetail find(AgentId id) {
        return answers.need(new FindAgent(id), AgentDetail.class);
    }

    private static String form(
            Model model, UUID agent, AgentEntry entry, Map<String, String> errors, @Nullable String refusal) {
        model.addAttribute("title", "Add an agent");
        model.addAttribute("section", "agents");
        model.addAttribute("agent", agent);
        model.addAttribute("entry", entry);
        model.addAttribute("errors", errors);
        model.addAttribute("refusal", refusal);
        return "connectors/agent-new";
    }
}
