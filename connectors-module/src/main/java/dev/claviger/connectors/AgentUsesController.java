package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentDetail;
import dev.claviger.connectors.api.AgentQuery.AgentUse;
import dev.claviger.connectors.api.AgentQuery.AgentUses;
import dev.claviger.connectors.api.AgentQuery.FindAgent;
import dev.claviger.connectors.api.AgentQuery.FindAgentUses;
import dev.claviger.connectors.api.AgentQuery.FindRemovedAgent;
import dev.claviger.connectors.api.AgentQuery.RemovedAgent;
import dev.claviger.connectors.api.AgentQuery.UsesBefore;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** What an agent asked for and was answered. */
@Controller
class AgentUsesController {

    /** One answer in the list. */
    record Line(
            @Nullable Moment at,
            String what,
            String outcome,
            @Nullable UUID connector,
            @Nullable String connectorName,
            @Nullable UUID credential,
            @Nullable String source) {
        static Line of(AgentUse use, Instant now) {
            return new Line(
                    Moment.of(use.at(), now),
                    use.what(),
                    use.outcome(),
                    use.connectorId() == null ? null : use.connectorId().value(),
                    use.connectorName(),
                    use.connectionId() == null ? null : use.connectionId().value(),
                    use.sourceAddress());
        }
    }

    private static final int PAGE = 50;

    private final Answers answers;
    private final Clock clock;

    AgentUsesController(Answers answers, Clock clock) {
        this.answers = answers;
        this.clock = clock;
    }

    @GetMapping("/agents/{id}/uses")
    String page(@PathVariable String id, @RequestParam @Nullable String before, Model model) {
        AgentId agent = Ids.agent(id);
        Instant now = clock.instant();
        String name = name(agent);
        AgentUses uses = answers.one(new FindAgentUses(agent, place(before), PAGE), AgentUses.class);
        model.addAttribute("title", "Uses by " + name);
        model.addAttribute("section", "agents");
        model.addAttribute("agent", agent.value());
        model.addAttribute("agentName", name);
        model.addAttribute("any", !uses.items().isEmpty());
        model.addAttribute(
                "lines", uses.items().stream().map(use -> Line.of(use, now)).toList());
        String address = "/agents/" + agent.value() + "/uses";
        model.addAttribute("newest", before == null ? null : address);
        model.addAttribute("older", uses.next() == null ? null : address + "?before=" + uses.next());
        return "connectors/agent-uses";
    }

    /** @throws NotFound when it is none */
    private static @Nullable UsesBefore place(@Nullable String before) {
        try {
            return before == null ? null : UsesBefore.of(before);
        } catch (IllegalArgumentException e) {
            throw new NotFound();
        }
    }

    /** A removed agent's uses can still be read. */
    private String name(AgentId agent) {
        return answers.maybe(new FindAgent(agent), AgentDetail.class)
                .map(AgentDetail::name)
                .orElseGet(() -> answers.need(new FindRemovedAgent(agent), RemovedAgent.class)
                        .name());
    }
}
