package dev.claviger.connectors;

import dev.claviger.connectors.HelpTexts.Trouble;
import dev.claviger.connectors.api.AgentQuery.AgentConnection;
import dev.claviger.connectors.api.AgentQuery.AgentDetail;
import dev.claviger.connectors.api.AgentQuery.ChosenTools;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorPage;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorRow;
import dev.claviger.connectors.api.ConnectorQuery.ExpectedAccount;
import dev.claviger.connectors.api.ConnectorQuery.FindConnection;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorQuery.FindConnectors;
import dev.claviger.connectors.api.ConnectorQuery.FindExpectedAccount;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.api.ToolCatalogQuery.FindTools;
import dev.claviger.toolsync.api.ToolCatalogQuery.ToolPage;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** Builds the cards of an agent's page: one per connector, in the state in which it is for this agent. */
@Component
class AgentCards {

    static final int INLINE_TOOLS = 60;

    private static final int PAGE = 10;

    private final Answers answers;
    private final Listing listing;
    private final HelpTexts help;
    private final Provenance provenance;
    private final HealthChecks health;
    private final Clock clock;

    AgentCards(
            Answers answers, Listing listing, HelpTexts help, Provenance provenance, HealthChecks health, Clock clock) {
        this.answers = answers;
        this.listing = listing;
        this.help = help;
        this.provenance = provenance;
        this.health = health;
        this.clock = clock;
    }

    /**
     * @param connected attempt that just ended well; its card says so
     * @param failed attempt that just failed; the page shows why on top
     */
    void show(
            AgentDetail agent,
            @Nullable String search,
            int offset,
            @Nullable String connected,
            @Nullable String failed,
            Model model) {
        Optional<ConnectionProgress> justConnected = attempt(agent, connected);
        justConnected.ifPresent(listing::awaitShown);
        ConnectorPage page = answers.one(new FindConnectors(search, false, offset, PAGE), ConnectorPage.class);
        model.addAttribute("q", search);
        model.addAttribute(
                "cards",
                justTriedFirst(
                                page,
                                attempt(agent, connected)
                                        .or(() -> attempt(agent, failed))
                                        .orElse(null))
                        .map(row -> card(agent, row))
                        .toList());
        model.addAttribute("cardsTotal", page.total());
        model.addAttribute("anyCards", !page.items().isEmpty());
        model.addAttribute("searchable", search != null || page.total() > 5);
        String address = Pager.address("/agents/" + agent.agentId().value(), search);
        model.addAttribute("pager", Pager.of(address, offset, PAGE, page.items().size(), page.total()));
        justConnected.ifPresent(progress -> {
            model.addAttribute("justConnected", progress.connectorName());
            model.addAttribute("warning", provenance.warning(progress.connectionId(), clock.instant()));
        });
        attempt(agent, failed).ifPresent(progress -> {
            model.addAttribute("failure", help.trouble(progress.failure()));
            model.addAttribute("failedConnector", progress.connectorName());
            model.addAttribute("failedAttempt", progress.connectionId().value());
            model.addAttribute("troubleOf", progress.connectionId().value());
        });
    }

    /** Among many connectors the one that the page is about would be on another page of cards. */
    private Stream<ConnectorRow> justTriedFirst(ConnectorPage page, @Nullable ConnectionProgress tried) {
        if (tried == null) {
            return page.items().stream();
        }
        Stream<ConnectorRow> first =
                answers
                        .one(new FindConnectors(tried.connectorName(), false, 0, PAGE), ConnectorPage.class)
                        .items()
                        .stream()
                        .filter(row -> row.connectorId().equals(tried.connectorId()));
        return Stream.concat(
                first, page.items().stream().filter(row -> !row.connectorId().equals(tried.connectorId())));
    }

    private Optional<ConnectionProgress> attempt(AgentDetail agent, @Nullable String uuid) {
        return uuid == null
                ? Optional.empty()
                : answers.maybe(new FindConnection(Ids.connection(uuid)), ConnectionProgress.class)
                        .filter(progress -> agent.agentId().equals(progress.agentId()));
    }

    private AgentCard card(AgentDetail agent, ConnectorRow row) {
        Optional<AgentConnection> own = agent.connections().stream()
                .filter(connection -> connection.connectorId().equals(row.connectorId()))
                .findFirst();
        boolean perAgent = row.mode() == CredentialMode.PER_AGENT && row.authType() != AuthType.NONE;
        boolean connected = perAgent
                ? own.map(AgentConnection::live).isPresent()
                : row.authType() == AuthType.NONE || row.liveConnections() > 0;
        Set<String> chosen = chosen(agent, row);
        ToolPage tools = connected
                ? answers.one(
                        new FindTools(new ToolCatalogId(row.connectorId().value()), null, 0, INLINE_TOOLS),
                        ToolPage.class)
                : new ToolPage(List.of(), row.toolCount());
        return AgentCard.of(
                row,
                perAgent,
                connected,
                own.map(AgentConnection::needsConsent).orElse(false),
                trouble(own.map(AgentConnection::failedAttempt).orElse(null)),
                tools,
                chosen,
                perAgent && (row.authType() == AuthType.OAUTH || asksTool(row))
                        ? AccountPanel.of(
                                own.map(AgentConnection::identification).orElse(null),
                                answers.one(
                                        new FindExpectedAccount(row.connectorId(), agent.agentId()),
                                        ExpectedAccount.class))
                        : null,
                own.map(AgentConnection::live)
                        .flatMap(health::facts)
                        .map(facts -> HealthPanel.of(facts, clock.instant()))
                        .orElse(null));
    }

    /** Then a typed token has an account too. */
    private boolean asksTool(ConnectorRow row) {
        return answers.need(new FindConnector(row.connectorId()), ConnectorDetail.class)
                        .settings()
                        .accountTool()
                != null;
    }

    private @Nullable Trouble trouble(@Nullable ConnectionId failedAttempt) {
        return failedAttempt == null
                ? null
                : answers.maybe(new FindConnection(failedAttempt), ConnectionProgress.class)
                        .map(progress -> help.trouble(progress.failure()))
                        .orElse(null);
    }

    static Set<String> chosen(AgentDetail agent, ConnectorRow row) {
        return agent.choices().stream()
                .filter(choice -> choice.connectorId().equals(row.connectorId()))
                .map(ChosenTools::tools)
                .flatMap(Set::stream)
                .collect(Collectors.toSet());
    }
}
