package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentOffer;
import dev.claviger.connectors.api.AgentQuery.FindAgentUses;
import dev.claviger.connectors.api.AgentQuery.FindOffer;
import dev.claviger.connectors.api.AgentQuery.OfferedConnector;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.CredentialUnavailable.Reason;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.FreshCredentials;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.UsedBy;
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
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

class AgentSelfApiTest {

    private static final AgentId AGENT = new AgentId(UUID.randomUUID());

    private static TestDatabase database;

    private final AgentCalls calls = new AgentCalls(database.jdbc());
    private final List<OfferedConnector> offered = new ArrayList<>();
    private CredentialUnavailable unavailable;

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
        database.jdbc().sql("truncate connectors.agent_call").update();
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
        assertThat(calls.handle(new FindAgentUses(AGENT, 0, 100)).items())
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
    void sendsNothingThatCouldNotBeRecorded() throws Exception {
        offered.add(connector("wiki", AuthType.OAUTH, CredentialMode.SHARED, true));
        database.jdbc()
                .sql("alter table connectors.agent_call rename to agent_call_away")
                .update();
        try {
            assertThatThrownBy(() -> send(post("/api/v1/agent/connectors/wiki/credential")))
                    .hasRootCauseInstanceOf(SQLException.class);
        } finally {
            database.jdbc()
                    .sql("alter table connectors.agent_call_away rename to agent_call")
                    .update();
        }
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
        String inHand = wiki.connectionId().value() + ".1";
        send(post("/api/v1/agent/connectors/wiki/credential"))
                .andExpect(jsonPath("$.generation").value(inHand));
        send(post("/api/v1/agent/connectors/wiki/credential").param("refused", inHand))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.headers.Authorization").value("Bearer newer"))
                .andExpect(jsonPath("$.generation").value(wiki.connectionId().value() + ".2"));
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
        SimpleQueryBus bus = SimpleQueryBus.builder().build();
        new AnnotationQueryHandlerAdapter<>(new Offers()).subscribe(bus);
        Answers answers =
                new Answers(DefaultQueryGateway.builder().queryBus(bus).build());
        HandOut handOut = new HandOut(answers, new HandedOut(), calls, "https://claviger.example");
        return MockMvcBuilders.standaloneSetup(new AgentSelfApi(handOut, calls))
                .setControllerAdvice(new ApiErrors())
                .build();
    }

    private OfferedConnector connector(String key, AuthType auth, CredentialMode mode, boolean connected) {
        return new OfferedConnector(
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
    }

    private final class HandedOut implements FreshCredentials {
        @Override
        public FreshCredential fresh(CredentialId credential, UsedBy usedBy) {
            if (unavailable != null) {
                throw unavailable;
            }
            return new FreshCredential(
                    credential, "Authorization", Secret.of("Bearer abc"), 1, Instant.parse("2026-11-23T12:00:00Z"));
        }

        @Override
        public FreshCredential freshAfterRefusal(CredentialId credential, long refusedGeneration, UsedBy usedBy) {
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
    }
}
