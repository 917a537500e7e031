package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.Knobs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;

/** However a server answers, its tools arrive; and what it takes away does not vanish unnoticed. */
@ClavigerTest
class ToolListJourneyTest {

    private final DemoProvider provider = DemoProvider.start();
    private Claviger claviger;

    @BeforeEach
    void begin(@Value("${claviger.public-url}") String base) {
        claviger = new Claviger(base);
    }

    @AfterEach
    void end() {
        provider.close();
    }

    static List<Arguments> waysOfAnswering() {
        return List.of(
                way("JSON", knobs -> {}),
                way("an event stream", knobs -> knobs.sse = true),
                way("an event stream that asks for a ping", knobs -> knobs.serverPing = true),
                way("a batch", knobs -> knobs.batchAnswers = true),
                way("a batch in an event stream", knobs -> {
                    knobs.batchAnswers = true;
                    knobs.sse = true;
                }),
                way("pages", knobs -> knobs.pageSize = 1),
                way("pages in event streams", knobs -> {
                    knobs.pageSize = 3;
                    knobs.sse = true;
                }),
                way("a session that is lost once", knobs -> knobs.sessionLostOnce = true),
                way("no session", knobs -> knobs.noSession = true),
                way("no end of a session", knobs -> knobs.refuse405Delete = true));
    }

    private static Arguments way(String name, Consumer<Knobs> turn) {
        return Arguments.of(name, turn);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("waysOfAnswering")
    void listsAllToolsOfAServerThatAnswersWith(String name, Consumer<Knobs> turn) {
        turn.accept(provider.knobs());

        Connector connector = bearer();

        Claviger.until(name, () -> status(connector).equals("configured"));
        Claviger.until("the tools", () -> !claviger.tools(connector).isEmpty());
        assertThat(claviger.tools(connector))
                .containsExactlyInAnyOrder("search_notes", "create_note", "list_notebooks", "get_weather");
        assertThat(claviger.line(connector).path("failure").isNull()).isTrue();
    }

    static List<Arguments> waysOfFailing() {
        return List.of(
                Arguments.of("CLV-204", (Consumer<Knobs>) knobs -> knobs.unsupportedVersion = true),
                Arguments.of("CLV-205", (Consumer<Knobs>) knobs -> knobs.noToolsCapability = true),
                Arguments.of("CLV-207", (Consumer<Knobs>) knobs -> knobs.mcpHuge = true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("waysOfFailing")
    void keepsTheToolsAndTheConnectionWhenListingFailsLaterWith(String code, Consumer<Knobs> turn) {
        Connector connector = connected();
        turn.accept(provider.knobs());

        sync(connector);

        Claviger.until(
                "the failure",
                () -> claviger.line(connector)
                        .path("failure")
                        .path("code")
                        .asString("")
                        .equals(code));
        assertThat(status(connector)).isEqualTo("configured");
        assertThat(claviger.tools(connector)).hasSize(4);
    }

    @Test
    void takesOverNewChangedAndRemovedTools() {
        Connector connector = connected();
        Agent agent = claviger.agent("Reader");
        claviger.choose(agent, connector, "*");
        assertThat(offered(agent, connector)).hasSize(4);

        List<Map<String, Object>> tools = new ArrayList<>(provider.knobs().tools);
        tools.removeIf(tool -> "get_weather".equals(tool.get("name")));
        tools.replaceAll(
                tool -> "create_note".equals(tool.get("name")) ? described(tool, "Writes it on paper.") : tool);
        tools.add(Map.of("name", "delete_note", "inputSchema", Map.of("type", "object")));
        provider.knobs().tools = tools;
        JsonNode synced = sync(connector);

        assertThat(synced.path("tools").asInt()).isEqualTo(4);
        assertThat(claviger.tools(connector))
                .containsExactlyInAnyOrder("search_notes", "create_note", "list_notebooks", "delete_note");
        assertThat(claviger.admin("GET", "/api/v1/connectors/" + connector.id() + "/tools?search=create_note", null)
                        .ok()
                        .body())
                .contains("Writes it on paper.");
        Claviger.until("the offer to follow", () -> offered(agent, connector).size() == 3);
        assertThat(offered(agent, connector))
                .as("a new tool is offered to nobody before somebody chooses it")
                .noneMatch(tool -> tool.endsWith("delete_note"))
                .noneMatch(tool -> tool.endsWith("get_weather"));
        Claviger.until(
                "the history to tell it",
                () -> claviger.audit("connector=" + connector.id()).stream()
                        .anyMatch(
                                entry -> entry.path("sentence").asString().contains("1 added, 1 changed, 1 removed")));
    }

    @Test
    void withholdsAnEmptyListUntilSomebodyAcceptsIt() {
        Connector connector = connected();
        provider.knobs().emptyToolList = true;

        JsonNode synced = sync(connector);

        assertThat(synced.path("emptyListWithheld").asBoolean()).isTrue();
        assertThat(synced.path("tools").asInt()).isEqualTo(4);
        assertThat(claviger.tools(connector)).hasSize(4);
        Claviger.until(
                "the list to tell it",
                () -> claviger.line(connector)
                        .path("failure")
                        .path("code")
                        .asString("")
                        .equals("CLV-206"));

        JsonNode accepted = claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/accept-empty", null)
                .ok()
                .json();

        assertThat(accepted.path("emptyListWithheld").asBoolean()).isFalse();
        assertThat(accepted.path("tools").asInt()).isZero();
        assertThat(claviger.tools(connector)).isEmpty();
        Claviger.until(
                "the trouble to be over",
                () -> claviger.line(connector).path("failure").isNull());
        assertThat(claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/accept-empty", null)
                        .status())
                .isEqualTo(409);
    }

    @Test
    void takesFullListAfterAnEmptyOneThatNobodyAccepted() {
        Connector connector = connected();
        provider.knobs().emptyToolList = true;
        sync(connector);
        provider.knobs().emptyToolList = false;

        JsonNode synced = sync(connector);

        assertThat(synced.path("emptyListWithheld").asBoolean()).isFalse();
        assertThat(claviger.tools(connector)).hasSize(4);
    }

    @Test
    void refusesToListWhatIsNotConnected() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");

        assertThat(claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/sync", null)
                        .status())
                .isEqualTo(409);
    }

    private JsonNode sync(Connector connector) {
        return claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/sync", null)
                .ok()
                .json();
    }

    private Connector connected() {
        Connector connector = bearer();
        Claviger.until(
                "the connection and the tools",
                () -> status(connector).equals("configured")
                        && claviger.tools(connector).size() == 4);
        return connector;
    }

    private Connector bearer() {
        return claviger.connector(Map.of(
                "name",
                Claviger.unique("Tools"),
                "url",
                provider.bearerMcpUrl().toString(),
                "authType",
                "bearer",
                "token",
                provider.bearerToken()));
    }

    private String status(Connector connector) {
        return claviger.line(connector).path("status").asString();
    }

    private List<String> offered(Agent agent, Connector connector) {
        return claviger.offered(agent).getOrDefault(connector.serverKey(), List.of());
    }

    private static Map<String, Object> described(Map<String, Object> tool, String description) {
        Map<String, Object> changed = new LinkedHashMap<>(tool);
        changed.put("description", description);
        return changed;
    }
}
