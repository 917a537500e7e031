package dev.claviger.app.journeys;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A server of MCP 2026-07-28 whose one tool books a table and asks the person before it does. */
public final class AskingServer implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer http;
    /** The bodies of all requests. */
    final List<JsonNode> requests = new CopyOnWriteArrayList<>();

    public AskingServer() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        http.setExecutor(Executors.newCachedThreadPool());
        http.createContext("/mcp", this::handle);
        http.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/mcp");
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
            requests.add(request);
            ObjectNode answer = JSON.createObjectNode().put("jsonrpc", "2.0");
            answer.set("id", request.path("id"));
            String result = result(request);
            if (result == null) {
                answer.set("error", JSON.createObjectNode().put("code", -32601).put("message", "Method not found"));
            } else {
                answer.set("result", JSON.readTree(result));
            }
            byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(result == null ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String result(JsonNode request) {
        return switch (request.path("method").stringValue("")) {
            case "server/discover" -> """
                    {"resultType":"complete","ttlMs":60000,"cacheScope":"public","supportedVersions":["2026-07-28"],
                     "capabilities":{"tools":{}},"serverInfo":{"name":"Tables","version":"1"}}""";
            case "tools/list" -> """
                    {"resultType":"complete","ttlMs":60000,"cacheScope":"public","tools":[
                      {"name":"book/table","description":"Books a table.","inputSchema":{"type":"object","properties":{
                         "guests":{"type":"integer","default":2},
                         "terrace":{"type":"boolean"},
                         "wishes":{"type":"array","items":{"type":"string"}}},"required":["guests"]}},
                      {"name":"odd","inputSchema":{"type":"object","properties":{
                         "x":{"type":"number","x-mcp-header":"X"}}}}]}""";
            case "tools/call" -> booked(request.path("params"));
            default -> null;
        };
    }

    private static String booked(JsonNode params) {
        JsonNode answer = params.path("inputResponses").path("when");
        if (!answer.path("action").stringValue("").equals("accept")) {
            return """
                    {"resultType":"input_required","requestState":"s1","inputRequests":{
                      "when":{"method":"elicitation/create","params":{"message":"When do you come? <b>Say</b>",
                        "requestedSchema":{"type":"object","properties":{
                          "hour":{"type":"integer","title":"Hour","default":19},
                          "seat":{"type":"string","enum":["in","out"],"default":"in"}},"required":["hour"]}}}}}""";
        }
        ObjectNode result = JSON.createObjectNode().put("resultType", "complete");
        result.putArray("content")
                .addObject()
                .put("type", "text")
                .put(
                        "text",
                        "Booked for " + params.path("arguments").path("guests") + " at "
                                + answer.path("content").path("hour") + " "
                                + answer.path("content").path("seat").asString());
        return result.toString();
    }
}
