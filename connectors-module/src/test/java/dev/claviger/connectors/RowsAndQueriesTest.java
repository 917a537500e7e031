package dev.claviger.connectors;

import static dev.claviger.connectors.Fixtures.AGENT;
import static dev.claviger.connectors.Fixtures.CONNECTOR;
import static dev.claviger.connectors.Fixtures.FIRST;
import static dev.claviger.connectors.Fixtures.OTHER_AGENT;
import static dev.claviger.connectors.Fixtures.SECOND;
import static dev.claviger.connectors.Fixtures.TOKEN;
import static dev.claviger.connectors.Fixtures.named;
import static dev.claviger.connectors.Fixtures.settings;
import static dev.claviger.connectors.Fixtures.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.claviger.connectors.ForecastRows.Ending;
import dev.claviger.connectors.api.AgentEvent.AgentCreated;
import dev.claviger.connectors.api.AgentEvent.AgentEdited;
import dev.claviger.connectors.api.AgentEvent.AgentKeyIssued;
import dev.claviger.connectors.api.AgentEvent.AgentKeyRevoked;
import dev.claviger.connectors.api.AgentEvent.AgentRemoved;
import dev.claviger.connectors.api.AgentEvent.ToolsChosen;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentConnection;
import dev.claviger.connectors.api.AgentQuery.AgentDetail;
import dev.claviger.connectors.api.AgentQuery.AgentRow;
import dev.claviger.connectors.api.AgentQuery.ChosenTools;
import dev.claviger.connectors.api.AgentQuery.FindAgent;
import dev.claviger.connectors.api.AgentQuery.FindAgents;
import dev.claviger.connectors.api.AgentQuery.FindChoosers;
import dev.claviger.connectors.api.AgentQuery.FindOffer;
import dev.claviger.connectors.api.AgentQuery.FindRemovedAgent;
import dev.claviger.connectors.api.AgentQuery.OfferedConnector;
import dev.claviger.connectors.api.AgentQuery.RemovedAgent;
import dev.claviger.connectors.api.AgentRejected;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEnded;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEstablished;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionFailed;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionRequested;
import dev.claviger.connectors.api.ConnectorEvent.ConnectorCreated;
import dev.claviger.connectors.api.ConnectorEvent.ConnectorEdited;
import dev.claviger.connectors.api.ConnectorEvent.ConnectorRemoved;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionAttempt;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionAttempts;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorPage;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorRow;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorStatus;
import dev.claviger.connectors.api.ConnectorQuery.FindAttempts;
import dev.claviger.connectors.api.ConnectorQuery.FindConnection;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorQuery.FindConnectorByServerKey;
import dev.claviger.connectors.api.ConnectorQuery.FindConnectors;
import dev.claviger.connectors.api.ConnectorQuery.FindLiveConnections;
import dev.claviger.connectors.api.ConnectorQuery.IssuerChange;
import dev.claviger.connectors.api.ConnectorQuery.LiveConnection;
import dev.claviger.connectors.api.ConnectorQuery.StepName;
import dev.claviger.connectors.api.ConnectorQuery.StepState;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.CredentialEvent.IdleLimitSet;
import dev.claviger.credentials.api.CredentialEvent.RefreshFailed;
import dev.claviger.credentials.api.CredentialEvent.RefreshRejected;
import dev.claviger.credentials.api.CredentialEvent.TokenIssued;
import dev.claviger.credentials.api.CredentialEvent.TokenRefreshed;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.RefreshFailure;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationResponseReceived;
import dev.claviger.oauth.api.AuthorizationEvent.ConsentRequested;
import dev.claviger.oauth.api.AuthorizationEvent.IssuerApproved;
import dev.claviger.oauth.api.AuthorizationEvent.IssuerChangeFound;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.DiscoverySource;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCatalogEvent.CatalogCleared;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncFailed;
import dev.claviger.toolsync.api.ToolCatalogEvent.ToolsSynced;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

class RowsAndQueriesTest {

    private static final Instant NOW = Instant.now();
    private static final ConnectorId SECOND_CONNECTOR = new ConnectorId(new UUID(1, 2));
    private static final ConnectorSettings OAUTH = shared(AuthType.OAUTH);
    private static final ConnectorSettings PER_AGENT = settings(AuthType.OAUTH, CredentialMode.PER_AGENT);
    private static final UUID KEY = new UUID(5, 1);

    private static TestDatabase database;

    private final JdbcClient jdbc = database.jdbc();
    private final JsonMapper json = JsonMapper.builder().findAndAddModules().build();
    private final ConnectorRows connectors = new ConnectorRows(jdbc, json);
    private final ConnectionRows connections = new ConnectionRows(jdbc, JsonMapper.shared());
    private final AgentRows agents = new AgentRows(jdbc, json);
    private final MarkRows marks = new MarkRows(jdbc);
    private final IssuerRows issuers = new IssuerRows(jdbc);
    private final CatalogView catalogs = new CatalogView(jdbc, json);
    private final CredentialView credentials = new CredentialView(jdbc);
    private final ConnectorQueries connectorQueries = new ConnectorQueries(jdbc, json);
    private final ConnectionQueries connectionQueries = new ConnectionQueries(jdbc, json);
    private final AgentQueries agentQueries = new AgentQueries(jdbc, json);
    private final AgentCalls calls = new AgentCalls(database.dataSource());
    private final DatabaseKeyring keyring =
            new DatabaseKeyring(database.dataSource(), new FrozenCalls(new AgentCalls(database.dataSource())));
    private final OfferQueries offers = new OfferQueries(jdbc, json);

    @BeforeAll
    static void start() throws IOException {
        database = new TestDatabase();
    }

    @AfterAll
    static void stop() throws IOException {
        database.close();
    }

    @BeforeEach
    void empty() {
        jdbc.sql("""
                        truncate connectors.connector, connectors.connection, connectors.connection_mark,
                                 connectors.agent, connectors.agent_key, connectors.agent_tool, connectors.credential,
                                 connectors.catalog, connectors.connector_tool, connectors.agent_call
                        """).update();
    }

    @Test
    void keepsNamesAndServerKeysUnique() {
        create(CONNECTOR, OAUTH);
        assertThatThrownBy(() -> create(SECOND_CONNECTOR, named(OAUTH, "DOCS search")))
                .isInstanceOf(ConnectorRejected.class)
                .hasMessageContaining("“Docs Search”");
        assertThatThrownBy(() -> create(SECOND_CONNECTOR, named(OAUTH, "docs-search")))
                .isInstanceOf(ConnectorRejected.class)
                .hasMessageContaining("mcp__docs_search__");
        create(SECOND_CONNECTOR, named(OAUTH, "Wiki"));
        assertThatThrownBy(() ->
                        connectors.on(new ConnectorEdited(SECOND_CONNECTOR, OAUTH, "docs_search", null, null), NOW))
                .isInstanceOf(ConnectorRejected.class);
        connectors.on(new ConnectorRemoved(CONNECTOR, "Docs Search"));
        connectors.on(new ConnectorEdited(SECOND_CONNECTOR, OAUTH, "docs_search", null, null), NOW);
        assertThat(connectorQueries.handle(new FindConnectorByServerKey("docs_search")))
                .get()
                .extracting(found -> found.row().connectorId())
                .isEqualTo(SECOND_CONNECTOR);
    }

    @Test
    void findsConnectorsByNameAndUrlPageByPage() {
        for (int i = 0; i < 5; i++) {
            create(new ConnectorId(new UUID(7, i)), named(OAUTH, "Tool " + i));
        }
        ConnectorPage page = connectorQueries.handle(new FindConnectors(null, false, 1, 2));
        assertThat(page.total()).isEqualTo(5);
        assertThat(page.items()).extracting(ConnectorRow::name).containsExactly("Tool 1", "Tool 2");
        assertThat(connectorQueries
                        .handle(new FindConnectors("TOOL 3", false, 0, 10))
                        .items())
                .hasSize(1);
        assertThat(connectorQueries
                        .handle(new FindConnectors("mcp.EXAMPLE", false, 0, 10))
                        .total())
                .isEqualTo(5);
        assertThat(connectorQueries
                        .handle(new FindConnectors("%", false, 0, 10))
                        .total())
                .isZero();
    }

    @Test
    void tellsHowASharedConnectorStands() {
        create(CONNECTOR, OAUTH);
        assertThat(row().status()).isEqualTo(ConnectorStatus.NOT_CONNECTED);
        request(FIRST, null, OAUTH, NOW);
        assertThat(detail().pendingConnection()).isEqualTo(FIRST);
        establish(FIRST, null, null);
        credentials.on(issued(FIRST, null, NOW.plus(Duration.ofHours(1))));
        catalogs.on(synced("a", "b"), NOW);
        assertThat(row().status()).isEqualTo(ConnectorStatus.CONFIGURED);
        assertThat(row().liveConnections()).isEqualTo(1);
        assertThat(row().toolCount()).isEqualTo(2);
        assertThat(row().expiresAt()).isNotNull();
        assertThat(detail().sharedConnection()).isEqualTo(FIRST);
        assertThat(detail().pendingConnection()).isNull();
        assertThat(detail().settings()).isEqualTo(OAUTH);
        credentials.on(refreshed(FIRST, NOW.plusSeconds(60)));
        assertThat(row().expiresAt()).isNull();
        credentials.on(new RefreshRejected(new CredentialId(FIRST.value()), 2, "invalid_grant", null));
        assertThat(row().status()).isEqualTo(ConnectorStatus.NEEDS_CONSENT);
    }

    @Test
    void knowsWhetherARefreshPutsOffTheEndOfARefreshToken() {
        Instant end = NOW.plus(Duration.ofDays(14));
        credentials.on(issued(FIRST, TOKEN, NOW.plusSeconds(60)));
        credentials.on(refreshedUntil(FIRST, end));
        assertThat(isPutOff(FIRST)).isFalse();
        credentials.on(refreshedUntil(FIRST, end.plusSeconds(5)));
        assertThat(isPutOff(FIRST)).isFalse();
        credentials.on(refreshedUntil(FIRST, end.plus(Duration.ofDays(7))));
        assertThat(isPutOff(FIRST)).isTrue();
    }

    @Test
    void knowsWhenAGrantThatNobodyRefreshesDies() {
        ForecastRows forecast = new ForecastRows(jdbc);
        create(CONNECTOR, OAUTH);
        request(FIRST, null, OAUTH, NOW);
        establish(FIRST, null, null);
        credentials.on(issued(FIRST, TOKEN, NOW.plusSeconds(60)));
        assertThat(forecast.endings(10)).isEmpty();
        assertThat(forecast.renewing()).isEqualTo(1);

        credentials.on(new IdleLimitSet(new CredentialId(FIRST.value()), 14));
        assertThat(forecast.renewing()).isZero();
        assertIdle(forecast, NOW);
        Instant later = NOW.plus(Duration.ofDays(3));
        credentials.on(new TokenRefreshed(
                new CredentialId(FIRST.value()), 2, TOKEN, TOKEN, true, later, later.plusSeconds(60), null));
        assertIdle(forecast, later);

        credentials.on(new IdleLimitSet(new CredentialId(FIRST.value()), null));
        assertThat(forecast.endings(10)).isEmpty();
        assertThat(forecast.renewing()).isEqualTo(1);
    }

    @Test
    void namesWhatStopsBeforeWhateverARefreshPutsOff() {
        ForecastRows forecast = new ForecastRows(jdbc);
        create(CONNECTOR, PER_AGENT);
        agents.on(new AgentCreated(AGENT, "Scribe", ""), NOW);
        agents.on(new AgentCreated(OTHER_AGENT, "Other", ""), NOW);
        request(FIRST, AGENT, PER_AGENT, NOW);
        establish(FIRST, AGENT, null);
        request(SECOND, OTHER_AGENT, PER_AGENT, NOW.plusSeconds(1));
        establish(SECOND, OTHER_AGENT, null);
        credentials.on(issued(FIRST, TOKEN, NOW.plusSeconds(60)));
        credentials.on(new IdleLimitSet(new CredentialId(FIRST.value()), 1));
        credentials.on(issued(SECOND, null, NOW.plus(Duration.ofDays(2))));
        assertThat(forecast.endings(1)).extracting(Ending::connection).containsExactly(SECOND.value());
        assertThat(forecast.endings(10)).extracting(Ending::connection).containsExactly(SECOND.value(), FIRST.value());
    }

    private static void assertIdle(ForecastRows forecast, Instant since) {
        assertThat(forecast.endings(10)).singleElement().satisfies(ending -> {
            assertThat(ending.idleDays()).isEqualTo(14);
            assertThat(ending.idleEndsAt()).isCloseTo(since.plus(Duration.ofDays(14)), within(1, ChronoUnit.SECONDS));
        });
    }

    private boolean isPutOff(ConnectionId id) {
        return jdbc.sql("select refresh_rotates from connectors.credential where connection_id = ?")
                .param(id.value())
                .query(Boolean.class)
                .single();
    }

    /** With the refresh token that it had before. */
    private static TokenRefreshed refreshedUntil(ConnectionId id, Instant refreshTokenExpiresAt) {
        return new TokenRefreshed(
                new CredentialId(id.value()),
                2,
                TOKEN,
                TOKEN,
                false,
                NOW,
                NOW.plusSeconds(60),
                null,
                refreshTokenExpiresAt);
    }

    @Test
    void replacesALiveConnection() {
        create(CONNECTOR, OAUTH);
        request(FIRST, null, OAUTH, NOW);
        establish(FIRST, null, null);
        request(SECOND, null, OAUTH, NOW.plusSeconds(1));
        establish(SECOND, null, FIRST);
        assertThat(progress(FIRST).state()).isEqualTo(ConnectionState.REPLACED);
        assertThat(progress(SECOND).state()).isEqualTo(ConnectionState.LIVE);
        connections.on(new ConnectionEnded(CONNECTOR, SECOND, null, AuthType.OAUTH, "Done."), NOW);
        assertThat(row().status()).isEqualTo(ConnectorStatus.NOT_CONNECTED);
        assertThat(progress(SECOND).state()).isEqualTo(ConnectionState.ENDED);
    }

    @Test
    void takesAConnectionIdForOneConnectorAndAgentOnly() {
        create(CONNECTOR, OAUTH);
        request(FIRST, null, OAUTH, NOW);
        request(FIRST, null, OAUTH, NOW);
        assertThatThrownBy(() -> request(FIRST, null, OAUTH, SECOND_CONNECTOR, NOW))
                .isInstanceOf(ConnectorRejected.class);
        agents.on(new AgentCreated(AGENT, "Scribe", ""), NOW);
        assertThatThrownBy(() -> request(FIRST, AGENT, OAUTH, NOW)).isInstanceOf(ConnectorRejected.class);
    }

    @Test
    void callsForAttentionWhereSomebodyIsNeeded() {
        create(CONNECTOR, OAUTH);
        assertThat(attention()).as("not connected").isEqualTo(1);
        request(FIRST, null, OAUTH, NOW);
        establish(FIRST, null, null);
        credentials.on(issued(FIRST, TOKEN, NOW.plusSeconds(60)));
        assertThat(attention()).as("connected, refreshes by itself").isZero();
        credentials.on(issued(FIRST, null, NOW.plusSeconds(60)));
        assertThat(attention()).as("expiring").isEqualTo(1);
        credentials.on(issued(FIRST, TOKEN, null));
        catalogs.on(new SyncFailed(catalog(), UUID.randomUUID(), failure()), NOW);
        assertThat(attention()).as("listing failed").isEqualTo(1);
        assertThat(row().failure()).isEqualTo(failure());
        catalogs.on(synced("a"), NOW.plusSeconds(1));
        assertThat(attention()).as("listed again").isZero();
        request(SECOND, null, OAUTH, NOW.plusSeconds(2));
        connections.on(new ConnectionFailed(CONNECTOR, SECOND, null, failure()), NOW.plusSeconds(3));
        assertThat(attention()).as("attempt failed").isEqualTo(1);
        catalogs.on(synced(), NOW.plusSeconds(4));
        assertThat(attention()).as("works after all").isZero();
        connectors.on(new ConnectorRemoved(CONNECTOR, "Docs Search"));
        assertThat(attention()).isZero();
        assertThat(detail().removed()).isTrue();
    }

    @Test
    void showsARefreshThatOnlySomebodyCanMend() {
        create(CONNECTOR, OAUTH);
        request(FIRST, null, OAUTH, NOW);
        establish(FIRST, null, null);
        credentials.on(issued(FIRST, TOKEN, NOW.plusSeconds(60)));
        credentials.on(refreshFailed(FIRST, RefreshFailure.CLIENT), NOW);
        assertThat(attention()).isEqualTo(1);
        assertThat(row().failure()).isEqualTo(new Failure(FailureCode.CLIENT_REFUSED, "It failed."));
        ConnectorLine line = ConnectorLine.of(row(), NOW);
        assertThat(line.need()).isEqualTo("It failed.");
        assertThat(line.failureCode()).isEqualTo("CLV-403");
        assertThat(line.connect()).isTrue();
        assertThat(line.reconnect()).isTrue();
        credentials.on(refreshed(FIRST, NOW.plusSeconds(60)));
        assertThat(attention()).as("refreshed after all").isZero();
        assertThat(row().failure()).isNull();
        credentials.on(refreshFailed(FIRST, RefreshFailure.UNKNOWN), NOW);
        assertThat(row().failure().code()).isEqualTo(FailureCode.REFRESH_UNKNOWN);
        credentials.on(issued(FIRST, TOKEN, NOW.plusSeconds(60)));
        assertThat(attention()).isZero();
    }

    @Test
    void everyClassOfFailureHasACodeOfItsOwn() {
        create(CONNECTOR, OAUTH);
        request(FIRST, null, OAUTH, NOW);
        establish(FIRST, null, null);
        credentials.on(issued(FIRST, TOKEN, NOW.minusSeconds(1)));
        Set<FailureCode> codes = EnumSet.noneOf(FailureCode.class);
        for (RefreshFailure failure : RefreshFailure.values()) {
            credentials.on(refreshFailed(FIRST, failure), NOW);
            codes.add(row().failure().code());
        }
        assertThat(codes)
                .containsExactlyInAnyOrder(
                        FailureCode.REFRESH_UNREACHABLE,
                        FailureCode.REFRESH_THROTTLED,
                        FailureCode.CLIENT_REFUSED,
                        FailureCode.REFRESH_DENIED,
                        FailureCode.REFRESH_UNKNOWN);
    }

    @Test
    void aServerThatAsksForAPauseMattersOnceTheTokenHasExpired() {
        create(CONNECTOR, OAUTH);
        request(FIRST, null, OAUTH, NOW);
        establish(FIRST, null, null);
        credentials.on(issued(FIRST, TOKEN, NOW.plusSeconds(600)));
        credentials.on(refreshFailed(FIRST, RefreshFailure.THROTTLED), NOW);
        assertThat(attention()).as("the old token serves").isZero();
        credentials.on(issued(FIRST, TOKEN, NOW.minusSeconds(1)));
        credentials.on(refreshFailed(FIRST, RefreshFailure.THROTTLED), NOW);
        assertThat(attention()).isEqualTo(1);
    }

    @Test
    void anUnreachableTokenEndpointMattersOnceTheTokenHasExpired() {
        create(CONNECTOR, OAUTH);
        request(FIRST, null, OAUTH, NOW);
        establish(FIRST, null, null);
        credentials.on(issued(FIRST, TOKEN, NOW.plusSeconds(600)));
        credentials.on(refreshFailed(FIRST, RefreshFailure.TRANSIENT), NOW);
        assertThat(attention()).as("the old token serves").isZero();
        credentials.on(issued(FIRST, TOKEN, NOW.minusSeconds(1)));
        credentials.on(refreshFailed(FIRST, RefreshFailure.TRANSIENT), NOW);
        assertThat(attention()).isEqualTo(1);
        assertThat(row().failure().code()).isEqualTo(FailureCode.REFRESH_UNREACHABLE);
    }

    @Test
    void saysHowManyAgentsMustConnectAgain() {
        create(CONNECTOR, PER_AGENT);
        agents.on(new AgentCreated(AGENT, "Scribe", ""), NOW);
        agents.on(new AgentCreated(OTHER_AGENT, "Other", ""), NOW);
        request(FIRST, AGENT, PER_AGENT, NOW);
        establish(FIRST, AGENT, null);
        request(SECOND, OTHER_AGENT, PER_AGENT, NOW.plusSeconds(1));
        establish(SECOND, OTHER_AGENT, null);
        credentials.on(issued(FIRST, TOKEN, null));
        credentials.on(issued(SECOND, null, NOW.plus(Duration.ofDays(2))));
        assertThat(attention()).as("expiring").isEqualTo(1);
        ConnectorLine expiring = ConnectorLine.of(row(), NOW);
        assertThat(expiring.need()).startsWith("The credentials of 1 agent expire within a week");
        credentials.on(new RefreshRejected(new CredentialId(FIRST.value()), 1, "invalid_grant", null));
        credentials.on(new RefreshRejected(new CredentialId(SECOND.value()), 1, "invalid_grant", null));
        assertThat(attention()).isEqualTo(1);
        ConnectorLine line = ConnectorLine.of(row(), NOW);
        assertThat(line.need()).isEqualTo("2 agents must connect again.");
        assertThat(line.agents()).isTrue();
        assertThat(line.sync()).isFalse();
        assertThat(line.connect()).isFalse();
        assertThat(connectionQueries.handle(new FindLiveConnections(CONNECTOR, 1, 1)))
                .satisfies(page -> assertThat(page.total()).isEqualTo(2))
                .satisfies(page -> assertThat(page.items())
                        .extracting(LiveConnection::agentName)
                        .containsExactly("Scribe"));
    }

    @Test
    void listsTheLatestAttempts() {
        create(CONNECTOR, PER_AGENT);
        agents.on(new AgentCreated(AGENT, "Scribe", ""), NOW);
        request(FIRST, AGENT, PER_AGENT, NOW);
        connections.on(new ConnectionFailed(CONNECTOR, FIRST, AGENT, failure()), NOW);
        request(SECOND, AGENT, PER_AGENT, NOW.plusSeconds(1));
        agents.on(new AgentRemoved(AGENT, "Scribe"));
        ConnectionAttempts attempts = connectionQueries.handle(new FindAttempts(CONNECTOR, 0, 10));
        assertThat(attempts.total()).isEqualTo(2);
        assertThat(attempts.items()).extracting(ConnectionAttempt::connectionId).containsExactly(SECOND, FIRST);
        assertThat(attempts.items().get(1).failure()).isEqualTo(failure());
        assertThat(attempts.items().get(1).agentName()).isEqualTo("Scribe");
        assertThat(connectionQueries.handle(new FindAttempts(CONNECTOR, 1, 10)).items())
                .hasSize(1);
        assertThat(agentQueries.handle(new FindRemovedAgent(AGENT)))
                .get()
                .extracting(RemovedAgent::name)
                .isEqualTo("Scribe");
    }

    @Test
    void findsAgentsByTheirDescriptionToo() {
        agents.on(new AgentCreated(AGENT, "Scribe", "Writes Minutes."), NOW);
        agents.on(new AgentCreated(OTHER_AGENT, "Other", ""), NOW);
        assertThat(agentQueries.handle(new FindAgents("minutes", 0, 10)).items())
                .extracting(AgentRow::agentId)
                .containsExactly(AGENT);
    }

    @Test
    void knowsForWhomToolsAreChosen() {
        create(CONNECTOR, PER_AGENT);
        agents.on(new AgentCreated(AGENT, "Scribe", ""), NOW);
        agents.on(new AgentCreated(OTHER_AGENT, "Other", ""), NOW);
        agents.on(new ToolsChosen(AGENT, CONNECTOR, Set.of("read", "write"), Set.of()));
        agents.on(new ToolsChosen(OTHER_AGENT, CONNECTOR, Set.of("read"), Set.of()));
        agents.on(new AgentRemoved(OTHER_AGENT, "Other"));
        assertThat(agentQueries.handle(new FindChoosers(CONNECTOR)).items()).containsExactly(AGENT);
        assertThat(agentQueries.handle(new FindChoosers(SECOND_CONNECTOR)).items())
                .isEmpty();
    }

    @Test
    void clearsTheCatalogue() {
        create(CONNECTOR, OAUTH);
        catalogs.on(synced("a", "b"), NOW);
        catalogs.on(synced("a", "b"), NOW);
        catalogs.on(new CatalogCleared(catalog(), "Moved.", List.of("a", "b")));
        assertThat(row().toolCount()).isZero();
        assertThat(row().lastSyncedAt()).isNull();
    }

    @Test
    void showsWhichIssuerAnAdminIsAskedAbout() {
        create(CONNECTOR, OAUTH);
        request(FIRST, null, OAUTH, NOW);
        AuthorizationId authorization = new AuthorizationId(FIRST.value());
        IssuerChangeFound change = new IssuerChangeFound(authorization, "https://former.example", "https://as.example");
        discovered(FIRST, "https://as.example");
        issuers.on(change);
        marks.on(change, NOW);

        ConnectionProgress asked = progress(FIRST);
        assertThat(asked.state()).isEqualTo(ConnectionState.AWAITING_APPROVAL);
        assertThat(asked.issuerChange()).isEqualTo(new IssuerChange("https://former.example", "https://as.example"));
        assertThat(asked.steps().get(1).name()).isEqualTo(StepName.APPROVE);
        assertThat(asked.steps().get(1).state()).isEqualTo(StepState.RUNNING);

        marks.on(new IssuerApproved(authorization, "https://former.example", "https://as.example"), NOW);

        ConnectionProgress approved = progress(FIRST);
        assertThat(approved.state()).isEqualTo(ConnectionState.RUNNING);
        assertThat(approved.issuerChange()).isNull();
        assertThat(approved.steps().get(1).state()).isEqualTo(StepState.DONE);
        assertThat(approved.steps().get(2).name()).isEqualTo(StepName.CLIENT);
    }

    @Test
    void usesNoConnectionOfAnotherIssuerThanTheServerNamesNow() {
        create(CONNECTOR, OAUTH);
        request(FIRST, null, OAUTH, NOW);
        discovered(FIRST, "https://former.example");
        establish(FIRST, null, null);
        assertThat(row().status()).isEqualTo(ConnectorStatus.CONFIGURED);

        request(SECOND, null, OAUTH, NOW);
        discovered(SECOND, "https://as.example");

        assertThat(issuers.moved(FIRST.value())).isEqualTo("https://as.example");
        assertThat(row().status()).isEqualTo(ConnectorStatus.NEEDS_CONSENT);
        assertThat(row().needingConsent()).isEqualTo(1);
        assertThat(connectionQueries
                        .handle(new FindLiveConnections(CONNECTOR, 10))
                        .items())
                .allMatch(LiveConnection::needsConsent);

        discovered(SECOND, "https://former.example");

        assertThat(issuers.moved(FIRST.value())).isNull();
        assertThat(row().status()).isEqualTo(ConnectorStatus.CONFIGURED);
    }

    private void discovered(ConnectionId attempt, String issuer) {
        MetadataDiscovered event = new MetadataDiscovered(
                new AuthorizationId(attempt.value()),
                DiscoverySource.CHALLENGE,
                null,
                issuer,
                issuer + "/a",
                issuer + "/t",
                null,
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                true,
                false);
        issuers.on(event);
        marks.on(event, NOW);
    }

    @Test
    void showsTheWayOfAnAttempt() {
        create(CONNECTOR, OAUTH);
        request(FIRST, null, OAUTH, NOW);
        AuthorizationId authorization = new AuthorizationId(FIRST.value());
        marks.on(
                new MetadataDiscovered(
                        authorization,
                        DiscoverySource.CHALLENGE,
                        null,
                        "https://as.example",
                        "https://as.example/a",
                        "https://as.example/t",
                        null,
                        null,
                        null,
                        List.of(),
                        List.of(),
                        List.of(),
                        true,
                        false),
                NOW);
        marks.on(
                new ConsentRequested(
                        authorization, "h", TOKEN, TOKEN, "https://as.example", "r", "as.example", "read", NOW),
                NOW);
        ConnectionProgress progress = progress(FIRST);
        assertThat(progress.state()).isEqualTo(ConnectionState.AWAITING_CONSENT);
        assertThat(progress.consentHost()).isEqualTo("as.example");
        assertThat(progress.connectorName()).isEqualTo("Docs Search");
        assertThat(progress.steps().get(0).facts()).isEqualTo("Found by the challenge: issuer https://as.example");
        assertThat(progress.steps().get(0).state()).isEqualTo(StepState.DONE);
        marks.on(new AuthorizationResponseReceived(authorization), NOW);
        assertThat(progress(FIRST).state()).isEqualTo(ConnectionState.RUNNING);
        connections.on(new ConnectionFailed(CONNECTOR, FIRST, null, failure()), NOW);
        assertThat(progress(FIRST).failure()).isEqualTo(failure());
    }

    @Test
    void keepsAgentNamesUniqueAndTheirKeysRight() {
        agents.on(new AgentCreated(AGENT, "Scribe", "Writes."), NOW);
        assertThatThrownBy(() -> agents.on(new AgentCreated(OTHER_AGENT, "SCRIBE", ""), NOW))
                .isInstanceOf(AgentRejected.class);
        agents.on(new AgentEdited(AGENT, "Clerk", "Reads."));
        agents.on(new AgentKeyIssued(AGENT, KEY, "hash"), NOW);
        assertThat(keyring.owner("hash")).get().satisfies(found -> {
            assertThat(found.agentId()).isEqualTo(AGENT);
            assertThat(found.name()).isEqualTo("Clerk");
        });
        assertThat(agent().keys())
                .singleElement()
                .satisfies(key -> assertThat(key.lastUsedAt()).isNotNull());
        agents.on(new AgentKeyRevoked(AGENT, KEY));
        assertThat(keyring.owner("hash")).isEmpty();
        agents.on(new AgentRemoved(AGENT, "Clerk"));
        assertThat(agentQueries.handle(new FindAgent(AGENT))).isEmpty();
        assertThat(agentQueries.handle(new FindAgents(null, 0, 10)).total()).isZero();
        agents.on(new AgentCreated(OTHER_AGENT, "Clerk", ""), NOW);
    }

    @Test
    void connectsNoAgentThatWasRemoved() {
        create(CONNECTOR, PER_AGENT);
        agents.on(new AgentCreated(AGENT, "Scribe", ""), NOW);
        agents.on(new AgentRemoved(AGENT, "Scribe"));
        assertThatThrownBy(() -> request(FIRST, AGENT, PER_AGENT, NOW)).isInstanceOf(ConnectorRejected.class);
    }

    @Test
    void offersAnAgentItsOwnAndWhatWasChosenForIt() {
        create(CONNECTOR, PER_AGENT);
        create(SECOND_CONNECTOR, named(OAUTH, "Wiki"));
        agents.on(new AgentCreated(AGENT, "Scribe", ""), NOW);
        agents.on(new AgentCreated(OTHER_AGENT, "Other", ""), NOW);
        catalogs.on(synced("read", "write"), NOW);
        agents.on(new ToolsChosen(AGENT, CONNECTOR, Set.of("read", "vanished"), Set.of()));
        assertThat(offer(AGENT)).singleElement().satisfies(offered -> {
            assertThat(offered.connected()).isFalse();
            assertThat(offered.connectionId()).isNull();
            assertThat(offered.tools()).isEmpty();
        });

        request(FIRST, AGENT, PER_AGENT, NOW);
        establish(FIRST, AGENT, null);
        request(SECOND, null, OAUTH, SECOND_CONNECTOR, NOW);
        connections.on(new ConnectionEstablished(SECOND_CONNECTOR, SECOND, null, AuthType.OAUTH, null, true), NOW);
        assertThat(offer(AGENT))
                .as("the shared one was not chosen")
                .singleElement()
                .satisfies(offered -> {
                    assertThat(offered.connected()).isTrue();
                    assertThat(offered.connectionId()).isEqualTo(FIRST);
                    assertThat(offered.tools()).containsExactly("mcp__docs_search__read");
                });
        assertThat(offer(OTHER_AGENT))
                .as("never somebody else's")
                .singleElement()
                .satisfies(offered -> {
                    assertThat(offered.connected()).isFalse();
                    assertThat(offered.connectionId()).isNull();
                });

        agents.on(new ToolsChosen(AGENT, SECOND_CONNECTOR, Set.of("search"), Set.of()));
        assertThat(offer(AGENT)).extracting(OfferedConnector::connectionId).containsExactly(FIRST, SECOND);
        assertThat(agent().choices())
                .containsExactly(
                        new ChosenTools(CONNECTOR, Set.of("read", "vanished")),
                        new ChosenTools(SECOND_CONNECTOR, Set.of("search")));
        assertThat(agent().connections()).containsExactly(new AgentConnection(CONNECTOR, FIRST, false, null, null));
        assertThat(agentQueries.handle(new FindAgents("scri", 0, 10)).items())
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.connections()).isEqualTo(1);
                    assertThat(row.tools()).isEqualTo(3);
                });
        assertThat(connectionQueries
                        .handle(new FindLiveConnections(CONNECTOR, 10))
                        .items())
                .extracting(LiveConnection::agentName)
                .containsExactly("Scribe");
        agents.on(new ToolsChosen(AGENT, SECOND_CONNECTOR, Set.of(), Set.of("search")));
        assertThat(offer(AGENT)).hasSize(1);
    }

    @Test
    void tellsWhichAttemptOfAnAgentFailed() {
        create(CONNECTOR, PER_AGENT);
        agents.on(new AgentCreated(AGENT, "Scribe", ""), NOW);
        request(FIRST, AGENT, PER_AGENT, NOW);
        connections.on(new ConnectionFailed(CONNECTOR, FIRST, AGENT, failure()), NOW);
        assertThat(agent().connections()).containsExactly(new AgentConnection(CONNECTOR, null, false, FIRST, null));
    }

    private void create(ConnectorId id, ConnectorSettings settings) {
        connectors.on(new ConnectorCreated(id, settings, ServerKey.of(settings.name())), NOW);
    }

    private void request(ConnectionId id, AgentId agent, ConnectorSettings settings, Instant at) {
        request(id, agent, settings, CONNECTOR, at);
    }

    private void request(
            ConnectionId id, AgentId agent, ConnectorSettings settings, ConnectorId connector, Instant at) {
        connections.on(new ConnectionRequested(connector, id, agent, settings, null, true, "bound", null, null), at);
    }

    private void establish(ConnectionId id, AgentId agent, ConnectionId replaced) {
        connections.on(new ConnectionEstablished(CONNECTOR, id, agent, AuthType.OAUTH, replaced, true), NOW);
    }

    private ConnectorDetail detail() {
        return connectorQueries.handle(new FindConnector(CONNECTOR)).orElseThrow();
    }

    private ConnectorRow row() {
        return detail().row();
    }

    private AgentDetail agent() {
        return agentQueries.handle(new FindAgent(AGENT)).orElseThrow();
    }

    private List<OfferedConnector> offer(AgentId agent) {
        return offers.handle(new FindOffer(agent)).orElseThrow().connectors();
    }

    private int attention() {
        return connectorQueries.handle(new FindConnectors(null, true, 0, 10)).total();
    }

    private ConnectionProgress progress(ConnectionId id) {
        return connectionQueries.handle(new FindConnection(id)).orElseThrow();
    }

    private static ToolCatalogId catalog() {
        return new ToolCatalogId(CONNECTOR.value());
    }

    private ToolsSynced synced(String... names) {
        List<Tool> tools = Arrays.stream(names)
                .map(name -> new Tool(name, json.createObjectNode().put("name", name)))
                .toList();
        return new ToolsSynced(
                catalog(),
                UUID.randomUUID(),
                "2025-11-25",
                null,
                null,
                tools,
                List.of(),
                List.of(),
                names.length,
                null,
                null,
                null,
                null);
    }

    private static TokenIssued issued(ConnectionId id, SecretRef refreshToken, Instant expiresAt) {
        return new TokenIssued(
                new CredentialId(id.value()),
                CredentialKind.OAUTH,
                TOKEN,
                refreshToken,
                null,
                NOW,
                expiresAt,
                null,
                "https://as.example");
    }

    private static TokenRefreshed refreshed(ConnectionId id, Instant expiresAt) {
        return new TokenRefreshed(new CredentialId(id.value()), 2, TOKEN, TOKEN, true, NOW, expiresAt, null);
    }

    private static RefreshFailed refreshFailed(ConnectionId id, RefreshFailure failure) {
        return new RefreshFailed(new CredentialId(id.value()), 1, failure, "It failed.");
    }

    private static Failure failure() {
        return new Failure(FailureCode.MCP_UNREACHABLE, "No answer came.");
    }
}
