package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Untrusted;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON-RPC 2.0 messages: writes ours, reads theirs within limits.
 *
 * @see <a href="https://www.jsonrpc.org/specification">JSON-RPC 2.0</a>
 */
final class JsonRpc {

    static final int METHOD_NOT_FOUND = -32601;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Limits.DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonRpc() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static ObjectNode request(long id, String method, ObjectNode params) {
        ObjectNode message = notification(method).put("id", id);
        message.set("params", params);
        return message;
    }

    static ObjectNode notification(String method) {
        return object().put("jsonrpc", "2.0").put("method", method);
    }

    static boolean isRequest(JsonNode message) {
        return message.path("method").isString() && message.hasNonNull("id");
    }

    /** Our answer to a request of the server: {@code ping} is the only one we know (C101). */
    static ObjectNode answerTo(JsonNode request) {
        ObjectNode answer = object().put("jsonrpc", "2.0");
        answer.set("id", request.get("id"));
        if (request.path("method").stringValue("").equals("ping")) {
            answer.set("result", object());
        } else {
            answer.set("error", object().put("code", METHOD_NOT_FOUND).put("message", "Method not found"));
        }
        return answer;
    }

    /** Whether {@code message} answers our request {@code id}. An error without an id can only mean the open one. */
    static boolean answers(JsonNode message, long id) {
        if (!message.isObject() || message.has("method")) {
            return false;
        }
        if (message.hasNonNull("id")) {
            JsonNode theirs = message.get("id");
            return theirs.isIntegralNumber() && theirs.canConvertToLong() && theirs.longValue() == id;
        }
        return message.hasNonNull("error");
    }

    static String write(JsonNode message) {
        return JSON.writeValueAsString(message);
    }

    /**
     * @param method what was asked, for the message
     * @throws Refused when it is not JSON
     * @throws Untrusted when it is nested too deeply or has endless names or numbers
     */
    static JsonNode read(byte[] json, String method) {
        try {
            return JSON.readTree(json);
        } catch (StreamConstraintsException e) {
            throw new Untrusted(
                    FailureCode.LIMIT_EXCEEDED,
                    "The answer to %s is nested deeper than %d levels or holds an endless number or name"
                            .formatted(method, Limits.DEPTH));
        } catch (JacksonException e) {
            throw new Refused(
                    FailureCode.MCP_PROTOCOL_ERROR,
                    "The answer to %s is not valid JSON; check that the URL is the server's MCP endpoint"
                            .formatted(method));
        }
    }
}
