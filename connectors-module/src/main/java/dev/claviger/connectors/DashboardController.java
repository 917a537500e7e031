package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentQuery.AgentPage;
import dev.claviger.connectors.api.AgentQuery.FindAgents;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorPage;
import dev.claviger.connectors.api.ConnectorQuery.FindConnectionHealth;
import dev.claviger.connectors.api.ConnectorQuery.FindConnectors;
import dev.claviger.connectors.api.ConnectorQuery.HealthCounts;
import dev.claviger.connectors.api.ConnectorQuery.HealthPage;
import dev.claviger.connectors.api.ReceiptQuery.FindPendingReceipts;
import dev.claviger.connectors.api.ReceiptQuery.Receipts;
import dev.claviger.credentials.api.MasterKeyStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The first page: what needs somebody now. */
@Controller
class DashboardController {

    private static final int SHOWN = 50;

    private final Answers answers;
    private final ObjectProvider<MasterKeyStatus> masterKey;
    private final Clock clock;

    DashboardController(Answers answers, ObjectProvider<MasterKeyStatus> masterKey, Clock clock) {
        this.answers = answers;
        this.masterKey = masterKey;
        this.clock = clock;
    }

    @GetMapping("/")
    String page(Model model) {
        Instant now = clock.instant();
        ConnectorPage attention = answers.one(new FindConnectors(null, true, 0, SHOWN), ConnectorPage.class);
        List<ConnectorLine> lines = attention.items().stream()
                .map(row -> ConnectorLine.of(row, now))
                .toList();
        int connectors = answers.one(new FindConnectors(null, false, 0, 1), ConnectorPage.class)
                .total();
        model.addAttribute("title", "Dashboard");
        model.addAttribute("section", "dashboard");
        model.addAttribute("lines", lines);
        model.addAttribute("needy", attention.total());
        model.addAttribute("troubled", attention.total() > 0);
        model.addAttribute("more", attention.total() > lines.size());
        model.addAttribute("connectors", connectors);
        model.addAttribute("nothing", connectors == 0);
        model.addAttribute(
                "agents",
                answers.one(new FindAgents(null, 0, 1), AgentPage.class).total());
        ending(now, model);
        HealthCounts health = answers.one(new FindConnectionHealth(null, null, false, 0, 1), HealthPage.class)
                .counts();
        model.addAttribute("refused", health.refused());
        model.addAttribute("anyRefused", health.refused() > 0);
        model.addAttribute("healthy", health.healthy());
        model.addAttribute("watched", health.all());
        masterKey.ifAvailable(key -> {
            if (key.generatedLocally()) {
                model.addAttribute("masterKeyWarning", key.description());
            }
        });
        return "connectors/dashboard";
    }

    private void ending(Instant now, Model model) {
        Receipts pending = answers.one(new FindPendingReceipts(null, 0, SHOWN), Receipts.class);
        model.addAttribute("ending", pending.total() > 0);
        model.addAttribute("endingTotal", pending.total());
        model.addAttribute("moreEnding", pending.total() > pending.items().size());
        model.addAttribute(
                "receipts",
                pending.items().stream()
                        .map(receipt -> ReceiptPanel.of(receipt, now))
                        .toList());
    }
}
