package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectorQuery.ConnectorPage;
import dev.claviger.connectors.api.ConnectorQuery.FindConnectors;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The list of connectors. */
@Controller
class ConnectorListController {

    private static final int PAGE = 50;

    private final Answers answers;
    private final Clock clock;

    ConnectorListController(Answers answers, Clock clock) {
        this.answers = answers;
        this.clock = clock;
    }

    @GetMapping("/connectors")
    String page(
            @RequestParam @Nullable String q,
            @RequestParam(defaultValue = "false") boolean attention,
            @RequestParam @Nullable Integer offset,
            Model model) {
        String search = Pager.search(q);
        int from = Pager.offset(offset);
        Instant now = clock.instant();
        ConnectorPage page = answers.one(new FindConnectors(search, attention, from, PAGE), ConnectorPage.class);
        String address = Pager.address("/connectors", search);
        String all = attention ? address + (search == null ? "?" : "&") + "attention=true" : address;
        model.addAttribute("title", "Connectors");
        model.addAttribute("section", "connectors");
        model.addAttribute("q", search);
        model.addAttribute("attention", attention);
        model.addAttribute("filtered", search != null || attention);
        model.addAttribute(
                "lines",
                page.items().stream().map(row -> ConnectorLine.of(row, now)).toList());
        model.addAttribute("any", !page.items().isEmpty());
        model.addAttribute("showFilters", search != null || attention || page.total() > 0);
        model.addAttribute("pager", Pager.of(all, from, PAGE, page.items().size(), page.total()));
        return "connectors/list";
    }
}
