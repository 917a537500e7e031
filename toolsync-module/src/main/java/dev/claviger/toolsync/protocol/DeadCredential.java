package dev.claviger.toolsync.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Recognises servers that say "your token is dead" inside an answer with status 200 instead of with a 401. */
final class DeadCredential {

    /** A JSON parser's "Unexpected token" is not ours. */
    private static final String CREDENTIAL =
            "(?<![a-z]|unexpected )((access|bearer|auth|oauth|id)[ _-]?)?(token|credentials?)(?![a-z])"
                    + "|(?<![a-z])(api|access)[ _-]?key(?![a-z])";

    private static final List<Pattern> SIGNS = Stream.of(
                    "\\b(unauthori[sz]ed|unauthenticated|not (authori[sz]ed|authenticated|logged in))\\b",
                    "\\bauthentication (is |has )?(required|failed|needed|error)\\b",
                    "\\b(invalid|expired|missing|revoked|bad|malformed|wrong|unknown)[ _-](authorization header|"
                            + CREDENTIAL + ")",
                    "(" + CREDENTIAL
                            + ").{0,30}\\b(invalid|expired|missing|revoked|not valid|no longer valid|required)\\b",
                    // Providers' own words for a grant that ended.
                    "\\bgrant (was |is |has )?(not found|invalid|expired|revoked)\\b|\\binvalid_grant\\b",
                    "\\bno (valid )?(" + CREDENTIAL + ")",
                    "\\b(please|must|need to) (re-?authenticate|re-?authori[sz]e|(sign|log) ?in)\\b",
                    "\\b(http|status|status code|error)[ :]+401\\b")
            .map(sign -> Pattern.compile(sign, Pattern.CASE_INSENSITIVE))
            .toList();

    private DeadCredential() {}

    /** @param message a whole JSON-RPC answer, or what came in its place */
    static boolean reportedIn(JsonNode message) {
        JsonNode error = message.path("error");
        if (error.path("code").isInt() && error.path("code").intValue() == 401) {
            return true;
        }
        return texts(message).stream()
                .map(text -> text.substring(0, Math.min(text.length(), 500)))
                .anyMatch(text ->
                        SIGNS.stream().anyMatch(sign -> sign.matcher(text).find()));
    }

    /** @param result of a tool that says it failed */
    static boolean reportedByTool(JsonNode result) {
        ObjectNode message = JsonRpc.object();
        message.set("result", result);
        return reportedIn(message);
    }

    private static List<String> texts(JsonNode message) {
        List<JsonNode> nodes = new ArrayList<>();
        JsonNode error = message.path("error");
        nodes.add(error);
        nodes.add(error.path("message"));
        nodes.add(error.path("data"));
        nodes.add(error.path("data").path("message"));
        nodes.add(error.path("data").path("error"));
        // Gateways in front of a server answer in no protocol's form.
        nodes.add(message.path("message"));
        nodes.add(message.path("detail"));
        nodes.add(message.path("error_description"));
        nodes.add(message.path("result").path("error"));
        JsonNode result = message.path("result");
        if (!result.path("tools").isArray()) {
            result.path("content").forEach(part -> nodes.add(part.path("text")));
        }
        return nodes.stream()
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .toList();
    }
}
