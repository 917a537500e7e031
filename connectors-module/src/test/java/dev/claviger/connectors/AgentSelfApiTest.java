package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.endsWith;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentOffer;
import dev.claviger.connectors.api.AgentQuery.AgentUse;
import dev.claviger.connectors.api.AgentQuery.FindAgentUses;
import dev.claviger.connectors.api.AgentQuery.FindOffer;
import dev.claviger.connectors.api.AgentQuery.OfferedConnector;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialQuery.CredentialUse;
import dev.claviger.credentials.api.CredentialQuery.FindUsesBy;
import dev.claviger.credentials.api.CredentialQuery.NumberedUse;
import dev.claviger.credentials.api.CredentialQuery.UsesBy;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.CredentialUnavailable.Reason;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.FreshCredentials;
import dev.claviger.credentials.api.HandOuts;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.TokenBuckets;
import dev.claviger.credentials.api.UsedBy;
import dev.claviger.oauth.api.OAuthSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.queryhandling.DefaultQueryGateway;
import org.axonframework.queryhandling.QueryHandler;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.axonframework.queryhandling.annotation.AnnotationQueryHandlerAdapter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

class AgentSelfApiTest {

    private static final AgentId AGENT = new AgentId(UUID.randomUUID());

    private static final JsonMapper JSON =
            JsonMapper.builder().findAndAddModules().build();

    private static TestDatabase database;

    private final AgentCalls calls = new AgentCalls(database.dataSource());
    private final List<OfferedConnector> offered = new ArrayList<>();
    private CredentialUnavailable unavailable;
    private final AgentLimit limit = new AgentLimit(new TokenBuckets(1, 8, () -> 0), calls, new SimpleMeterRegistry());
    private final ServerOffers offers = new ServerOffers(database.dataSource(), JSON);
    private final List<NumberedUse> used = new ArrayList<>();
    private boolean wanting;
    private boolean replaced;

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
        database.jdbc()
                .sql("truncate connectors.agent_call, connectors.agent, connectors.connector, connectors.connection,"
                        + " connectors.agent_tool")
                .update();
        database.jdbc()
                .sql("insert into connectors.agent (agent_id, name, name_key, description, created_at)"
                        + " values (?, 'Researcher', 'researcher', '', now())")
                .param(AGENT.value())
                .update();
    }

    @Test
    void recordsEveryAnswer() throws Exception {
        offered.add(connector("open", AuthType.NONE, CredentialMode.SHARED, false));
        offered.add(connector("crm", AuthType.BEARER, CredentialMode.PER_AGENT, false));
        send(get("/api/v1/agent/me")).andExpect(status().isOk());
        send(get("/api/v1/agent/connectors")).andExpect(status().isOk());
        send(post("/api/v1/agent/connectors/open/credential")).andExpect(status().isOk());
        send(post("/api/v1/agent/connectors/crm/credential")).andExpect(status().isConflict());
        send(post("/api/v1/agent/connectors/gone/credential")).andExpect(status().isNotFound());
        send(get("/api/v1/agent/mcp.json")).andExpect(status().isOk());
        assertThat(uses())
                .extracting(use -> use.what() + " " + use.outcome())
                .containsExactly(
                        "mcp.json answered",
                        "mcp.json refused: needs consent",
                        "mcp.json answered",
                        "headers refused: not offered",
                        "headers refused: needs consent",
                        "headers answered",
                        "connectors answered",
                        "me answered");
    }

    @Test
    void refusesOrAnswersWithoutCredentialOnlyWhatItWritesDown() throws Exception {
        offered.add(connector("open", AuthType.NONE, CredentialMode.SHARED, false));
        offered.add(connector("wiki", AuthType.OAUTH, CredentialMode.SHARED, true));
        String[] failing = {"open", "gone"};
        database.jdbc()
                .sql("alter table connectors.agent_call rename to agent_call_away")
                .update();
        try {
            send(post("/api/v1/agent/connectors/wiki/credential")).andExpect(status().isOk());
            for (String key : failing) {
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> send(post("/api/v1/agent/connectors/" + key + "/credential")))
                            .hasRootCauseInstanceOf(SQLException.class);
                }
            }
        } finally {
            database.jdbc()
                    .sql("alter table connectors.agent_call_away rename to agent_call")
                    .update();
        }
        assertThat(uses()).extracting(AgentUse::outcome).containsExactly("answered");
    }

    @Test
    void answersByWhatIsOfferedNowHoweverOftenItAnsweredBefore() throws Exception {
        offered.add(connector("wiki", AuthType.OAUTH, CredentialMode.SHARED, true));
        for (int i = 0; i < 3; i++) {
            send(post("/api/v1/agent/connectors/wiki/credential")).andExpect(status().isOk());
        }
        database.jdbc()
                .sql("update connectors.connector set version = 2,"
                        + " settings = jsonb_set(settings, '{url}', '\"https://moved.example/mcp\"')")
                .update();
        for (int i = 0; i < 2; i++) {
            send(post("/api/v1/agent/connectors/wiki/credential"))
                    .andExpect(status().isOk())
                    .andExpect(jsonPath("$.url").value("https://moved.example/mcp"));
        }
        database.jdbc().sql("delete from connectors.agent_tool").update();
        for (int i = 0; i < 2; i++) {
            send(post("/api/v1/agent/connectors/wiki/credential")).andExpect(status().isNotFound());
        }
        assertThat(uses())
                .extracting(AgentUse::outcome)
                .containsExactly(
                        "refused: not offered",
                        "refused: not offered",
                        "answered",
                        "answered",
                        "answered",
                        "answered",
                        "answered");
    }

    @Test
    void leavesWhatHasToBeRefreshedToTheLongWayOnlyWhileItIsOffered() throws Exception {
        offered.add(connector("wiki", AuthType.OAUTH, CredentialMode.SHARED, true));
        send(post("/api/v1/agent/connectors/wiki/credential")).andExpect(status().isOk());
        wanting = true;
        send(post("/api/v1/agent/connectors/wiki/credential")).andExpect(status().isOk());
        database.jdbc().sql("delete from connectors.agent_tool").update();
        send(post("/api/v1/agent/connectors/wiki/credential")).andExpect(status().isNotFound());
    }

    @Test
    void handsOutHeadersThatNobodyMayStore() throws Exception {
        offered.add(connector("wiki", AuthType.OAUTH, CredentialMode.SHARED, true));
        send(post("/api/v1/agent/connectors/wiki/credential"))
                .andExpect(status().isOk())
                .andExpect(header().string("Cache-Control", "no-store"))
                .andExpect(jsonPath("$.url").value("https://wiki.example/mcp"))
                .andExpect(jsonPath("$.headers.Authorization").value("Bearer abc"))
                .andExpect(jsonPath("$.headers.X-Team").value("research"))
                .andExpect(jsonPath("$.expiresAt").value("2026-11-23T12:00:00Z"));
    }

    @Test
    void renewsWhatTheAgentSaysTheServerRefused() throws Exception {
        OfferedConnector wiki = connector("wiki", AuthType.OAUTH, CredentialMode.SHARED, true);
        offered.add(wiki);
        String inHand = wiki.connectionId().value() + ".2";
        send(post("/api/v1/agent/connectors/wiki/credential"))
                .andExpect(jsonPath("$.generation").value(inHand));
        send(post("/api/v1/agent/connectors/wiki/credential").param("refused", inHand))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.headers.Authorization").value("Bearer newer"))
                .andExpect(jsonPath("$.generation").value(wiki.connectionId().value() + ".3"));
    }

    @Test
    void takesTheRefusalOfAnEarlierConnectionForNoReasonToRenew() throws Exception {
        offered.add(connector("wiki", AuthType.OAUTH, CredentialMode.SHARED, true));
        send(post("/api/v1/agent/connectors/wiki/credential").param("refused", UUID.randomUUID() + ".7"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.headers.Authorization").value("Bearer abc"));
    }

    @Test
    void saysWhatToGiveWhereTheRefusedOneCannotBeRead() throws Exception {
        offered.add(connector("wiki", AuthType.OAUTH, CredentialMode.SHARED, true));
        for (String nonsense : List.of("1", ".1", UUID.randomUUID().toString(), UUID.randomUUID() + ".x")) {
            send(post("/api/v1/agent/connectors/wiki/credential").param("refused", nonsense))
                    .andExpect(status().isUnprocessableContent())
                    .andExpect(jsonPath("$.errors.refused").exists());
        }
    }

    @Test
    void handsOutOnlyCustomHeadersWhereNoCredentialIsNeeded() throws Exception {
        offered.add(connector("open", AuthType.NONE, CredentialMode.SHARED, false));
        send(post("/api/v1/agent/connectors/open/credential"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.headers.length()").value(1));
    }

    @Test
    void takesTheLongWayWhereARefreshIsDueOrTheTokenWasReplaced() throws Exception {
        connector("wiki", AuthType.OAUTH, CredentialMode.SHARED, true);
        wanting = true;
        send(post("/api/v1/agent/connectors/wiki/credential"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.generation").value(endsWith(".1")));
        wanting = false;
        replaced = true;
        send(post("/api/v1/agent/connectors/wiki/credential"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.generation").value(endsWith(".1")));
    }

    @Test
    void sendsNothingAgainToTheOneWhoHasIt() throws Exception {
        connector("wiki", AuthType.OAUTH, CredentialMode.SHARED, true);
        String tag = tagOf("wiki");
        replaced = true;
        send(getCredential("wiki", tag))
                .andExpect(status().isNotModified())
                .andExpect(header().string("ETag", tag))
                .andExpect(header().string("Cache-Control", "no-store"))
                .andExpect(content().string(""));
        send(getCredential("wiki", "\"other\", W/" + tag)).andExpect(status().isNotModified());
        send(getCredential("wiki", "*")).andExpect(status().isNotModified());
        assertThat(uses().subList(0, 3)).extracting(AgentUse::outcome).containsOnly("still valid");
    }

    @Test
    void sendsItAgainWhenTheTokenTheSettingsOrTheMarginChanged() throws Exception {
        OfferedConnector wiki = connector("wiki", AuthType.OAUTH, CredentialMode.SHARED, true);
        String tag = tagOf("wiki");
        send(getCredential("wiki", "\"" + wiki.connectionId().value() + ".1.1\""))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.headers.Authorization").value("Bearer abc"));
        wanting = true;
        send(getCredential("wiki", tag)).andExpect(status().isOk());
        wanting = false;
        database.jdbc()
                .sql("update connectors.connector set version = version + 1,"
                        + " settings = jsonb_set(settings, '{url}', '\"https://moved.example/mcp\"')")
                .update();
        send(getCredential("wiki", tag))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.url").value("https://moved.example/mcp"));
    }

    @Test
    void saysOnlyToThoseItIsOfferedToThatItIsStillValid() throws Exception {
        connector("wiki", AuthType.OAUTH, CredentialMode.SHARED, true);
        String tag = tagOf("wiki");
        database.jdbc().sql("delete from connectors.agent_tool").update();
        send(getCredential("wiki", tag)).andExpect(status().isNotFound());
    }

    @Test
    void namesTheAnswerOfAServerThatNeedsNoCredential() throws Exception {
        connector("open", AuthType.NONE, CredentialMode.SHARED, false);
        String tag = tagOf("open");
        send(getCredential("open", tag)).andExpect(status().isNotModified());
        database.jdbc().sql("update connectors.connector set version = 2").update();
        send(getCredential("open", tag)).andExpect(status().isOk());
    }

    private String tagOf(String serverKey) throws Exception {
        return send(get("/api/v1/agent/connectors/" + serverKey + "/credential"))
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getHeader("ETag");
    }

    private static MockHttpServletRequestBuilder getCredential(String serverKey, String ifNoneMatch) {
        return get("/api/v1/agent/connectors/" + serverKey + "/credential").header("If-None-Match", ifNoneMatch);
    }

    @Test
    void tellsTheOneWhoAsksTooOftenToWaitAndWritesItDownOnce() throws Exception {
        for (int i = 0; i < 8; i++) {
            send(get("/api/v1/agent/me")).andExpect(status().isOk());
        }
        for (int i = 0; i < 3; i++) {
            send(get("/api/v1/agent/me"))
                    .andExpect(status().isTooManyRequests())
                    .andExpect(header().string("Retry-After", "2"))
                    .andExpect(content().contentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON));
        }
        assertThat(uses())
                .extracting(AgentUse::outcome)
                .filteredOn(outcome -> outcome.equals("refused: too many requests"))
                .hasSize(1);
    }

    @Test
    void knowsNothingOfConnectorsThatAreNotOffered() throws Exception {
        send(post("/api/v1/agent/connectors/wiki/credential"))
                .andExpect(status().isNotFound())
                .andExpect(content().contentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON));
    }

    @Test
    void namesThePageThatMendsAMissingConnection() throws Exception {
        offered.add(connector("crm", AuthType.BEARER, CredentialMode.PER_AGENT, false));
        send(post("/api/v1/agent/connectors/crm/credential"))
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.reason").value("NEEDS_CONSENT"))
                .andExpect(jsonPath("$.mend").value("https://claviger.example/agents/" + AGENT.value()));
    }

    @Test
    void saysWhenARevokedOneIsGone() throws Exception {
        OfferedConnector wiki = connector("wiki", AuthType.OAUTH, CredentialMode.SHARED, true);
        offered.add(wiki);
        unavailable = new CredentialUnavailable(Reason.REVOKED, "It was revoked.");
        send(post("/api/v1/agent/connectors/wiki/credential"))
                .andExpect(status().isGone())
                .andExpect(jsonPath("$.mend")
                        .value("https://claviger.example/connectors/"
                                + wiki.connectorId().value()));
    }

    @Test
    void saysHowLongToWait() throws Exception {
        offered.add(connector("wiki", AuthType.OAUTH, CredentialMode.SHARED, true));
        unavailable = new CredentialUnavailable(Reason.TRY_LATER, "Out of reach.", Duration.ofSeconds(7));
        send(post("/api/v1/agent/connectors/wiki/credential"))
                .andExpect(status().isServiceUnavailable())
                .andExpect(header().string("Retry-After", "7"));
    }

    @Test
    void leavesWhatCannotBeUsedOutOfMcpJsonAndNamesIt() throws Exception {
        offered.add(connector("wiki", AuthType.OAUTH, CredentialMode.SHARED, true));
        offered.add(connector("crm", AuthType.BEARER, CredentialMode.PER_AGENT, false));
        send(get("/api/v1/agent/mcp.json"))
                .andExpect(status().isOk())
                .andExpect(header().string("Cache-Control", "no-store"))
                .andExpect(header().string(AgentSelfApi.LEFT_OUT, "crm"))
                .andExpect(jsonPath("$.mcpServers.wiki.type").value("http"))
                .andExpect(jsonPath("$.mcpServers.wiki.headers.Authorization").value("Bearer abc"))
                .andExpect(jsonPath("$.mcpServers.crm").doesNotExist());
    }

    private ResultActions send(MockHttpServletRequestBuilder request) throws Exception {
        return mvc().perform(request.principal(AGENT::toString));
    }

    private MockMvc mvc() {
        Answers answers = answers();
        QuickAnswers quick = new QuickAnswers(offers, new Ready(), calls);
        HandOut handOut = new HandOut(answers, quick, offers, new HandedOut(), calls, "https://claviger.example");
        return MockMvcBuilders.standaloneSetup(new AgentSelfApi(handOut, calls, limit))
                .setControllerAdvice(new ApiErrors())
                .build();
    }

    private Answers answers() {
        SimpleQueryBus bus = SimpleQueryBus.builder().build();
        new AnnotationQueryHandlerAdapter<>(new Offers()).subscribe(bus);
        return new Answers(DefaultQueryGateway.builder().queryBus(bus).build());
    }

    private List<AgentUse> uses() {
        return new AgentUseQueries(calls, answers(), database.jdbc())
                .handle(new FindAgentUses(AGENT, null, 100))
                .items();
    }

    /** As the vault of credentials does, before it hands out anything. */
    private void record(CredentialId credential, UsedBy usedBy, String purpose) {
        used.add(
                0,
                new NumberedUse(
                        used.size() + 1,
                        new CredentialUse(
                                credential, 2, Instant.now(), usedBy.actor(), purpose, usedBy.sourceAddress())));
    }

    private OfferedConnector connector(String key, AuthType auth, CredentialMode mode, boolean connected) {
        OfferedConnector connector = new OfferedConnector(
                new ConnectorId(UUID.randomUUID()),
                key,
                key,
                "https://" + key + ".example/mcp",
                auth,
                mode,
                Map.of("X-Team", "research"),
                connected ? new ConnectionId(UUID.randomUUID()) : null,
                connected,
                List.of());
        store(connector);
        return connector;
    }

    /** As an admin made it, with a tool chosen for the agent. */
    private static void store(OfferedConnector connector) {
        JdbcClient jdbc = database.jdbc();
        ConnectorSettings settings = new ConnectorSettings(
                connector.name(),
                connector.url(),
                connector.authType(),
                null,
                connector.customHeaders(),
                connector.mode(),
                OAuthSettings.AUTOMATIC);
        jdbc.sql("insert into connectors.connector (connector_id, name, name_key, server_key, url, auth_type, mode,"
                        + " settings, created_at) values (?, ?, ?, ?, ?, ?, ?, cast(? as jsonb), now())")
                .params(
                        connector.connectorId().value(),
                        connector.name(),
                        connector.name(),
                        connector.serverKey(),
                        connector.url(),
                        connector.authType().name(),
                        connector.mode().name(),
                        JSON.writeValueAsString(settings))
                .update();
        jdbc.sql("insert into connectors.agent_tool (agent_id, connector_id, name) values (?, ?, 'search')")
                .params(AGENT.value(), connector.connectorId().value())
                .update();
        ConnectionId connection = connector.connectionId();
        if (connection != null) {
            jdbc.sql("insert into connectors.connection (connection_id, connector_id, agent_id, auth_type, sync_tools,"
                            + " state, requested_at) values (?, ?, ?, ?, true, 'LIVE', now())")
                    .params(
                            connection.value(),
                            connector.connectorId().value(),
                            connector.mode() == CredentialMode.PER_AGENT ? AGENT.value() : null,
                            connector.authType().name())
                    .update();
        }
    }

    /** Hands out the second token set of everything, unless it would have to be refreshed first. */
    private final class Ready implements HandOuts {
        @Override
        public List<Optional<HandOuts.HandedOut>> handOut(List<Ask> asks) {
            return asks.stream()
                    .map(ask -> unavailable != null || wanting
                            ? Optional.<HandOuts.HandedOut>empty()
                            : Optional.<HandOuts.HandedOut>of(recorded(ask)))
                    .toList();
        }

        @Override
        public List<Optional<HandOuts.HandedOut>> handOutIf(Condition condition, List<Ask> asks) {
            return database.jdbc()
                            .sql("select " + condition.sql())
                            .param(condition.parameter())
                            .query(Boolean.class)
                            .single()
                    ? handOut(asks)
                    : null;
        }

        private ReadyOne recorded(Ask ask) {
            ReadyOne ready = new ReadyOne(ask);
            record(
                    ask.credentialId(),
                    ask.usedBy(),
                    ready.stillValid() ? STILL_VALID : ask.usedBy().purpose());
            return ready;
        }
    }

    private final class ReadyOne implements HandOuts.HandedOut {

        private final HandOuts.Ask ask;

        ReadyOne(HandOuts.Ask ask) {
            this.ask = ask;
        }

        @Override
        public long generation() {
            return 2;
        }

        @Override
        public Instant expiresAt() {
            return Instant.parse("2026-11-23T12:00:00Z");
        }

        @Override
        public boolean stillValid() {
            return ask.has().test(2);
        }

        @Override
        public Optional<FreshCredential> open() {
            assertThat(TransactionSynchronizationManager.isActualTransactionActive())
                    .isFalse();
            return replaced
                    ? Optional.empty()
                    : Optional.of(new FreshCredential(
                            ask.credentialId(), "Authorization", Secret.of("Bearer abc"), 2, expiresAt()));
        }
    }

    private final class HandedOut implements FreshCredentials {
        @Override
        public FreshCredential fresh(CredentialId credential, UsedBy usedBy) {
            if (unavailable != null) {
                throw unavailable;
            }
            record(credential, usedBy, usedBy.purpose());
            return new FreshCredential(
                    credential, "Authorization", Secret.of("Bearer abc"), 1, Instant.parse("2026-11-23T12:00:00Z"));
        }

        @Override
        public FreshCredential freshAfterRefusal(CredentialId credential, long refusedGeneration, UsedBy usedBy) {
            record(credential, usedBy, usedBy.purpose());
            return new FreshCredential(
                    credential, "Authorization", Secret.of("Bearer newer"), refusedGeneration + 1, null);
        }
    }

    /** Answers in the place of the projection. */
    private final class Offers {
        @QueryHandler
        Optional<AgentOffer> handle(FindOffer query) {
            return query.agentId().equals(AGENT)
                    ? Optional.of(new AgentOffer(AGENT, "Researcher", List.copyOf(offered)))
                    : Optional.empty();
        }

        @QueryHandler
        UsesBy handle(FindUsesBy query) {
            return new UsesBy(used.stream()
                    .filter(use -> use.use().usedBy().equals(query.usedBy()))
                    .toList());
        }
    }
}
