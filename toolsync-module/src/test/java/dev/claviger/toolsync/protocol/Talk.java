package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.outbound.LoopbackClient;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCalls.InputAsked;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Short words for conversations in tests. */
final class Talk {

    private static final JsonMapper JSON = new JsonMapper();

    static final String TOOL = "{\"name\":\"a\",\"inputSchema\":{\"type\":\"object\"}}";

    /** Questions that {@link #accepting} answered. */
    final List<InputAsked> asked = new ArrayList<>();

    private final URI url;
    private Duration total = Duration.ofSeconds(10);
    private KnownWay known;

    Talk(OddServer server) {
        this(server.url());
    }

    Talk(URI url) {
        this.url = url;
    }

    Talk within(Duration limit) {
        total = limit;
        return this;
    }

    Talk knowing(KnownWay way) {
        known = way;
        return this;
    }

    <T> T open(Function<McpConnection, T> conversation) {
        McpTransport transport = new DualEraTransport(LoopbackClient.create());
        try (McpConnection connection =
                transport.connect(new McpTarget(url, Map.of(), null), Limits.within(total), known)) {
            connection.open();
            return conversation.apply(connection);
        }
    }

    ServerInfo greet() {
        McpTransport transport = new DualEraTransport(LoopbackClient.create());
        try (McpConnection connection =
                transport.connect(new McpTarget(url, Map.of(), null), Limits.within(total), known)) {
            return connection.open();
        }
    }

    ToolListing list() {
        return open(McpConnection::listTools);
    }

    CallResult call(String tool, String arguments) {
        return call(tool, arguments, declining());
    }

    CallResult call(String tool, String arguments, Elicitor elicitor) {
        return open(connection -> connection.callTool(tool(tool), object(arguments), elicitor));
    }

    /** The first text of a result. */
    static String text(CallResult result) {
        return ((CallResult.Result) result)
                .callToolResult()
                .path("content")
                .path(0)
                .path("text")
                .stringValue();
    }

    Elicitor accepting(String content) {
        return question -> {
            asked.add(question);
            return new Elicitor.Answer(Elicitor.Action.ACCEPT, object(content));
        };
    }

    static Elicitor declining() {
        return question -> new Elicitor.Answer(Elicitor.Action.DECLINE, null);
    }

    /** @param definition a whole one, or a name */
    static Tool tool(String definition) {
        if (!definition.startsWith("{")) {
            return tool("{\"name\":\"%s\",\"inputSchema\":{\"type\":\"object\"}}".formatted(definition));
        }
        JsonNode read = JSON.readTree(definition);
        return new Tool(read.path("name").stringValue(), read);
    }

    static ObjectNode object(String json) {
        return (ObjectNode) JSON.readTree(json);
    }
}
