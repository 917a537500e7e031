package dev.claviger.connectors;

import dev.claviger.connectors.AccountDecisions.AccountTool;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionAttempts;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorStatus;
import dev.claviger.connectors.api.ConnectorQuery.ExpectedAccount;
import dev.claviger.connectors.api.ConnectorQuery.FindAttempts;
import dev.claviger.connectors.api.ConnectorQuery.FindConnection;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorQuery.FindExpectedAccount;
import dev.claviger.connectors.api.ConnectorQuery.FindLiveConnections;
import dev.claviger.connectors.api.ConnectorQuery.LiveConnections;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.connectors.api.ReceiptQuery.FindPendingReceipts;
import dev.claviger.connectors.api.ReceiptQuery.Receipts;
import dev.claviger.oauth.api.ConsentBinding;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.toolsync.api.ToolCatalogCommand.AcceptEmptyList;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.api.ToolCatalogQuery.CatalogFacts;
import dev.claviger.toolsync.api.ToolCatalogQuery.FindTools;
import dev.claviger.toolsync.api.ToolCatalogQuery.ToolPage;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.view.RedirectView;

/** One connector: how it stands, its credential without the secret, its tools, its agents. */
@Controller
class ConnectorController {

    private static final int TOOLS = 50;
    private static final int AGENTS = 50;
    private static final int ATTEMPTS = 10;

    private final Answers answers;
    private final Saving saving;
    private final Listing listing;
    private final CommandGateway commands;
    private final Provenance provenance;
    private final HealthChecks health;
    private final AccountDecisions decisions;
    private final HelpTexts help;
    private final Clock clock;

    ConnectorController(
            Answers answers,
            Saving saving,
            Listing listing,
            CommandGateway commands,
            Provenance provenance,
            HealthChecks health,
            AccountDecisions decisions,
            HelpTexts help,
            Clock clock) {
        this.decisions = decisions;
        this.answers = answers;
        this.saving = saving;
        this.listing = listing;
        this.commands = commands;
        this.provenance = provenance;
        this.health = health;
        this.help = help;
        this.clock = clock;
    }

    @GetMapping("/connectors/{id}")
    String page(
            @PathVariable String id,
            @RequestParam @Nullable String q,
            @RequestParam @Nullable Integer offset,
            @RequestParam @Nullable Integer agentsFrom,
            @RequestParam @Nullable Integer attemptsFrom,
            @RequestParam @Nullable String connected,
            Model model) {
        if (connected != null) {
            answers.maybe(new FindConnection(Ids.connection(connected)), ConnectionProgress.class)
                    .ifPresent(listing::awaitShown);
        }
        ConnectorDetail connector = answers.need(new FindConnector(Ids.connector(id)), ConnectorDetail.class);
        Instant now = clock.instant();
        ConnectionId shared = connector.sharedConnection();
        boolean justConnected = shared != null && shared.value().toString().equals(connected);
        CatalogFacts catalog = listing.facts(connector.row().connectorId());
        model.addAttribute("title", connector.row().name());
        model.addAttribute("section", "connectors");
        model.addAttribute("view", ConnectorPanel.of(connector, catalog, help, now));
        model.addAttribute("justConnected", justConnected);
        model.addAttribute("reconnectFirst", connector.row().status() == ConnectorStatus.NEEDS_CONSENT);
        model.addAttribute("attempt", UUID.randomUUID());
        if (shared != null && connector.settings().authType() != AuthType.NONE) {
            credential(shared, connector.settings().oauth().grant(), now, model);
        }
        if (connector.settings().authType() != AuthType.NONE && !connector.removed()) {
            account(connector, model);
        }
        ending(connector.row().connectorId(), now, model);
        agents(connector, Pager.offset(agentsFrom), now, model);
        attempts(connector.row().connectorId(), Pager.offset(attemptsFrom), now, model);
        model.addAttribute("troubleOf", troubleOf(connector));
        tools(connector.row().connectorId(), Pager.search(q), Pager.offset(offset), model);
        return "connectors/connector";
    }

    private void ending(ConnectorId connector, Instant now, Model model) {
        Receipts pending = answers.one(new FindPendingReceipts(connector, 0, ATTEMPTS), Receipts.class);
        model.addAttribute("ending", pending.total() > 0);
        model.addAttribute(
                "receipts",
                pending.items().stream()
                        .map(receipt -> ReceiptPanel.of(receipt, now))
                        .toList());
    }

    private void credential(ConnectionId connection, Grant grant, Instant now, Model model) {
        provenance
                .credential(connection)
                .ifPresent(facts -> model.addAttribute("credential", CredentialPanel.of(facts, now)));
        model.addAttribute("authorization", provenance.authorization(connection, grant));
        health.facts(connection).ifPresent(facts -> model.addAttribute("health", HealthPanel.of(facts, now)));
    }

    /** A typed token has an account worth a word only where a tool is asked, or could be. */
    private void account(ConnectorDetail connector, Model model) {
        AccountTool tool = decisions.tool(connector);
        boolean told = connector.settings().authType() == AuthType.OAUTH || tool.tool() != null;
        if (told && connector.settings().mode() == CredentialMode.SHARED) {
            ConnectionId shared = connector.sharedConnection();
            model.addAttribute(
                    "account",
                    AccountPanel.of(
                            shared == null
                                    ? null
                                    : answers.need(new FindConnection(shared), ConnectionProgress.class)
                                            .identification(),
                            answers.one(
                                    new FindExpectedAccount(connector.row().connectorId(), null),
                                    ExpectedAccount.class)));
        }
        model.addAttribute("accountTool", tool);
        model.addAttribute("accountCard", model.containsAttribute("account") || tool.matters());
    }

    private void agents(ConnectorDetail connector, int offset, Instant now, Model model) {
        if (connector.settings().mode() != CredentialMode.PER_AGENT) {
            return;
        }
        ConnectorId id = connector.row().connectorId();
        LiveConnections live = answers.one(new FindLiveConnections(id, offset, AGENTS), LiveConnections.class);
        model.addAttribute(
                "agents",
                live.items().stream()
                        .map(connection -> AgentLine.connected(connection, now))
                        .toList());
        model.addAttribute("agentsTotal", live.total());
        model.addAttribute("anyAgents", !live.items().isEmpty());
        model.addAttribute("perAgent", true);
        Pager pager = Pager.of(
                "/connectors/" + id.value(),
                "agentsFrom",
                "#agents",
                offset,
                AGENTS,
                live.items().size(),
                live.total());
        model.addAttribute("agentsPager", Map.of("pager", pager));
    }

    /** The connection whose requests tell of the trouble: the latest attempt where it failed, or the one that serves. */
    private @Nullable UUID troubleOf(ConnectorDetail connector) {
        UUID serving = connector.sharedConnection() == null
                ? null
                : connector.sharedConnection().value();
        return answers
                .one(new FindAttempts(connector.row().connectorId(), 0, 1), ConnectionAttempts.class)
                .items()
                .stream()
                .filter(latest -> latest.failure() != null)
                .map(latest -> latest.connectionId().value())
                .findFirst()
                .orElse(serving);
    }

    private void attempts(ConnectorId connector, int offset, Instant now, Model model) {
        ConnectionAttempts attempts =
                answers.one(new FindAttempts(connector, offset, ATTEMPTS), ConnectionAttempts.class);
        model.addAttribute(
                "attempts",
                attempts.items().stream()
                        .map(attempt -> AttemptLine.of(attempt, now))
                        .toList());
        model.addAttribute("anyAttempts", attempts.total() > 0);
        Pager pager = Pager.of(
                "/connectors/" + connector.value(),
                "attemptsFrom",
                "#attempts",
                offset,
                ATTEMPTS,
                attempts.items().size(),
                attempts.total());
        model.addAttribute("attemptsPager", Map.of("pager", pager));
    }

    private void tools(ConnectorId connector, @Nullable String search, int offset, Model model) {
        ToolPage page =
                answers.one(new FindTools(new ToolCatalogId(connector.value()), search, offset, TOOLS), ToolPage.class);
        model.addAttribute("q", search);
        model.addAttribute("tools", page.items().stream().map(ToolLine::of).toList());
        model.addAttribute("toolsTotal", page.total());
        model.addAttribute("anyTools", !page.items().isEmpty());
        model.addAttribute("searchable", search != null || page.total() > 10);
        String address = Pager.address("/connectors/" + connector.value(), search);
        model.addAttribute(
                "pager", Pager.of(address, offset, TOOLS, page.items().size(), page.total()));
    }

    @PostMapping("/connectors/{id}/connect")
    RedirectView connect(
            @PathVariable String id,
            @RequestParam UUID attempt,
            @RequestParam @Nullable TypedSecret token,
            @RequestParam @Nullable String lastDay,
            HttpServletRequest request,
            RedirectAttributes redirect) {
        ConnectorDetail connector = answers.need(new FindConnector(Ids.connector(id)), ConnectorDetail.class);
        AuthType auth = connector.settings().authType();
        boolean asksToken = auth == AuthType.BEARER || auth == AuthType.API_KEY_HEADER;
        TypedSecret typed = TypedSecret.orBlank(token);
        TypedEnd end = TypedEnd.of(lastDay, clock.instant());
        String wrong = typed.isBlank()
                ? "Enter the token or key that the server gave you."
                : typed.troubleAsToken(auth == AuthType.BEARER);
        String trouble = wrong == null ? end.trouble() : wrong;
        if (asksToken && trouble != null) {
            redirect.addFlashAttribute("flash", trouble);
            return Go.to("/connectors/" + connector.row().connectorId().value());
        }
        saving.connect(
                connector.row().connectorId(),
                new ConnectionId(attempt),
                null,
                asksToken ? typed.secret() : null,
                end.at(),
                ConsentBinding.of(request));
        return Go.to("/connections/" + attempt);
    }

    @PostMapping("/connectors/{id}/sync")
    RedirectView sync(@PathVariable String id, RedirectAttributes redirect) {
        ConnectorId connector = Ids.connector(id);
        answers.need(new FindConnector(connector), ConnectorDetail.class);
        redirect.addFlashAttribute("flash", listing.sync(connector));
        return Go.to("/connectors/" + connector.value());
    }

    @PostMapping("/connectors/{id}/accept-empty")
    RedirectView acceptEmpty(@PathVariable String id, RedirectAttributes redirect) {
        ConnectorId connector = Ids.connector(id);
        commands.sendAndWait(new AcceptEmptyList(new ToolCatalogId(connector.value())));
        answers.until(() -> {
            CatalogFacts facts = listing.facts(connector);
            return facts == null || !facts.emptyListWithheld();
        });
        redirect.addFlashAttribute("flash", "The empty list is accepted: the server offers no tools now.");
        return Go.to("/connectors/" + connector.value());
    }
}
