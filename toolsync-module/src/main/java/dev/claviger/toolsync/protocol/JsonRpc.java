package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Untrusted;
import java.util.Collection;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON-RPC 2.0 messages: writes ours, reads theirs within limits. Decimals keep every digit, and an object that names a key
 * twice is refused: which of the two counts would otherwise be up to each reader.
 *
 * @see <a href="https://www.jsonrpc.org/specification">JSON-RPC 2.0</a>
 */
final class JsonRpc {

    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Limits.MESSAGE_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
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

    static ObjectNode response(JsonNode request, ObjectNode result) {
        ObjectNode response = object().put("jsonrpc", "2.0");
        response.set("id", request.get("id"));
        response.set("result", result);
        return response;
    }

    static ObjectNode refusal(JsonNode request, int code, String text) {
        ObjectNode response = object().put("jsonrpc", "2.0");
        response.set("id", request.get("id"));
        response.set("error", object().put("code", code).put("message", text));
        return response;
    }

    /** A message or a batch of them (C99). */
    static Collection<JsonNode> messages(JsonNode payload) {
        return payload.isArray() ? payload.values() : List.of(payload);
    }

    static boolean isRequest(JsonNode message) {
        return message.path("method").isString() && message.hasNonNull("id");
    }

    static boolean isNotification(JsonNode message) {
        return message.path("method").isString() && !message.has("id");
    }

    /** Whether {@code message} answers our request {@code id}. An error without an id can only mean the open one. */
    static boolean answers(JsonNode message, long id) {
        if (!message.isObject() || message.has("method")) {
            return false;
        }
        return message.hasNonNull("id") ? is(message.get("id"), id) : message.hasNonNull("error");
    }

    static boolean is(JsonNode node, long id) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() == id;
    }

    /** The code of an error answer; 0 where there is none. */
    static int errorCode(JsonNode message) {
        JsonNode code = message.path("error").path("code");
        return code.isInt() ? code.intValue() : 0;
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
                            .formatted(method, Limits.MESSAGE_DEPTH));
        } catch (JacksonException e) {
            if (String.valueOf(e.getOriginalMessage()).startsWith("Duplicate Object property")) {
                throw Verdict.protocolError(
                        "The answer to %s holds an object with the same key twice; the server's developer must mend this"
                                .formatted(method));
            }
            throw Verdict.protocolError(
                    "The answer to %s is not valid JSON; check that the URL is the server's MCP endpoint"
                            .formatted(method));
        }
    }
}
