package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Gets messages out of bodies and events, and results out of messages. */
final class Replies {

    private Replies() {}

    static Collection<JsonNode> messages(SseEvent event, String method) {
        if (!event.type().equals("message") || event.data().isBlank()) {
            return List.of();
        }
        return JsonRpc.messages(JsonRpc.read(event.data().getBytes(StandardCharsets.UTF_8), method));
    }

    /** The JSON in the body of a success. */
    static JsonNode json(String method, OutboundResponse head, InputStream body, Collection<Secret> secrets)
            throws IOException {
        if (!head.mediaType().equals("application/json") && !head.mediaType().isEmpty()) {
            throw Verdict.protocolError(
                    "The server answered %s with %s instead of JSON; check that the URL is its MCP endpoint"
                            .formatted(method, RemoteText.quote(head.mediaType(), secrets)));
        }
        byte[] json = body.readAllBytes();
        if (json.length == 0) {
            throw Verdict.protocolError(
                    "The server answered HTTP %d to %s without a result".formatted(head.status(), method));
        }
        return JsonRpc.read(json, method);
    }

    static RuntimeException noAnswer(String method, JsonNode payload, Collection<Secret> secrets) {
        return DeadCredential.reportedIn(payload)
                ? Verdict.onError(method, payload, secrets)
                : Verdict.protocolError("The server's reply to %s holds no answer to it".formatted(method));
    }

    /** The result of what only reads; some servers put "your token is dead" into it. */
    static JsonNode result(String method, JsonNode answer, Collection<Secret> secrets) {
        JsonNode result = answer.path("result");
        if (answer.hasNonNull("error") || (!result.path("tools").isArray() && DeadCredential.reportedIn(answer))) {
            throw Verdict.onError(method, answer, secrets);
        }
        return object(method, result);
    }

    /** Missing means complete; what is no text is of no known kind (C79). */
    static String kind(JsonNode result) {
        return result.hasNonNull("resultType") ? result.path("resultType").stringValue("?") : "complete";
    }

    /** The result of a tool, whose text is its own affair. */
    static JsonNode resultOfCall(JsonNode answer, Collection<Secret> secrets) {
        if (answer.hasNonNull("error")) {
            throw refusalOfCall(Verdict.onError("tools/call", answer, secrets));
        }
        return object("tools/call", answer.path("result"));
    }

    /** An error in answer to a call is the tool's refusal more often than the server's fault. */
    static RuntimeException refusalOfCall(RuntimeException verdict) {
        return verdict instanceof Refused refused && refused.code() == FailureCode.MCP_PROTOCOL_ERROR
                ? new Refused(FailureCode.TOOL_CALL_REFUSED, String.valueOf(refused.getMessage()))
                : verdict;
    }

    private static JsonNode object(String method, JsonNode result) {
        if (!result.isObject()) {
            throw Verdict.protocolError("The server's answer to %s has no result".formatted(method));
        }
        return result;
    }
}
