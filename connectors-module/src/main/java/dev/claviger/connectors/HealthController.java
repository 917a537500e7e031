package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionHealth;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.FindConnection;
import dev.claviger.connectors.api.ConnectorQuery.FindConnectionHealth;
import dev.claviger.connectors.api.ConnectorQuery.HealthCounts;
import dev.claviger.connectors.api.ConnectorQuery.HealthPage;
import dev.claviger.toolsync.api.HealthQuery.HealthFacts;
import dev.claviger.toolsync.api.HealthState;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.view.RedirectView;

/** Which credentials work at their servers, which do not, and of which nobody can tell. */
@Controller
class HealthController {

    /** One choice of the filter. */
    record Choice(String value, String text, int count, boolean chosen) {}

    private static final int PAGE = 50;

    private final Answers answers;
    private final HealthChecks checks;
    private final Clock clock;

    HealthController(Answers answers, HealthChecks checks, Clock clock) {
        this.answers = answers;
        this.checks = checks;
        this.clock = clock;
    }

    @GetMapping("/health")
    String page(
            @RequestParam @Nullable String q,
            @RequestParam @Nullable String state,
            @RequestParam @Nullable Integer offset,
            Model model) {
        String search = Pager.search(q);
        HealthFilter filter = HealthFilter.of(state);
        int from = Pager.offset(offset);
        HealthPage page = answers.one(
                new FindConnectionHealth(search, filter.state(), filter.unchecked(), from, PAGE), HealthPage.class);
        Instant now = clock.instant();
        Map<ConnectionId, HealthFacts> facts = checks.facts(
                page.items().stream().map(ConnectionHealth::connectionId).toList());
        String address = Pager.address("/health", search);
        String all =
                filter.word() == null ? address : address + (search == null ? "?" : "&") + "state=" + filter.word();
        model.addAttribute("title", "Health of credentials");
        model.addAttribute("section", "dashboard");
        model.addAttribute("q", search);
        model.addAttribute("filtered", search != null || filter.word() != null);
        model.addAttribute("choices", choices(page.counts(), filter.word()));
        model.addAttribute(
                "lines",
                page.items().stream()
                        .map(health -> HealthPanel.of(health, facts.get(health.connectionId()), now))
                        .toList());
        model.addAttribute("any", !page.items().isEmpty());
        model.addAttribute("pager", Pager.of(all, from, PAGE, page.items().size(), page.total()));
        return "connectors/health";
    }

    /** @param back {@code health}; otherwise back to the agent or connector of the connection */
    @PostMapping("/health/{connection}/check")
    RedirectView check(
            @PathVariable String connection, @RequestParam @Nullable String back, RedirectAttributes redirect) {
        ConnectionId id = Ids.connection(connection);
        HealthFacts before = checks.facts(id).orElseThrow(NotFound::new);
        HealthFacts after = checks.check(id, HealthChecks.PATIENCE);
        boolean isChecked = after.checkedAt() != null && !after.checkedAt().equals(before.checkedAt());
        redirect.addFlashAttribute(
                "flash",
                isChecked ? words(after.state()) : "The credential is being checked; what comes of it shows here.");
        if ("health".equals(back)) {
            return Go.to("/health");
        }
        ConnectionProgress of = answers.need(new FindConnection(id), ConnectionProgress.class);
        return Go.to(
                of.agentId() == null
                        ? "/connectors/" + of.connectorId().value()
                        : "/agents/" + of.agentId().value() + "#connector-"
                                + of.connectorId().value());
    }

    private static String words(@Nullable HealthState state) {
        if (state == null) {
            return "The credential was checked.";
        }
        return switch (state) {
            case HEALTHY -> "Checked: the server takes the credential.";
            case REFUSED -> "Checked: the server refuses the credential.";
            case UNREACHABLE -> "Checked: the server gave no answer to go by.";
            case UNPROVEN -> "Checked: the server lists its tools, which proves nothing here.";
        };
    }

    private static List<Choice> choices(HealthCounts counts, @Nullable String chosen) {
        return List.of(
                new Choice("", "all", counts.all(), chosen == null),
                choice(HealthState.HEALTHY, counts.healthy(), chosen),
                choice(HealthState.REFUSED, counts.refused(), chosen),
                choice(HealthState.UNREACHABLE, counts.unreachable(), chosen),
                choice(HealthState.UNPROVEN, counts.unproven(), chosen),
                choice(null, counts.unchecked(), chosen));
    }

    private static Choice choice(@Nullable HealthState state, int count, @Nullable String chosen) {
        String word = HealthFilter.word(state);
        return new Choice(word, HealthPanel.badge(state).text().toLowerCase(Locale.ROOT), count, word.equals(chosen));
    }
}
