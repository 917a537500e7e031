package dev.claviger.toolsync.protocol;

import dev.claviger.toolsync.api.ToolCalls.InputAsked;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a server asks of a person, and what the person answers, on the wire.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation">MCP 2026-07-28, elicitation</a>
 */
final class Elicitations {

    static final String METHOD = "elicitation/create";

    private Elicitations() {}

    /** The client capability that says that we can be asked. */
    static ObjectNode capability() {
        ObjectNode modes = JsonRpc.object();
        modes.set("form", JsonRpc.object());
        modes.set("url", JsonRpc.object());
        ObjectNode capabilities = JsonRpc.object();
        capabilities.set("elicitation", modes);
        return capabilities;
    }

    static InputAsked asked(String key, JsonNode params) {
        String message = params.path("message").stringValue("");
        JsonNode schema = params.path("requestedSchema");
        String url = params.path("url").isString() ? params.path("url").stringValue() : null;
        boolean isUrl = params.path("mode").stringValue("").equals("url") || (url != null && !schema.isObject());
        if (isUrl && url == null) {
            throw Verdict.protocolError("The server asks a person to visit an address and names none");
        }
        return isUrl
                ? new InputAsked(key, message, null, url)
                : new InputAsked(key, message, schema.isObject() ? schema : JsonRpc.object(), null);
    }

    /** Names an elicitation by what it asks: the same question has the same key in every call. */
    static String keyOf(JsonNode params) {
        String question = JsonRpc.write(params.path("message"))
                + JsonRpc.write(params.path("requestedSchema"))
                + JsonRpc.write(params.path("url"));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(question.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    static ObjectNode result(InputAsked asked, Elicitor.Answer answer) {
        ObjectNode result =
                JsonRpc.object().put("action", answer.action().name().toLowerCase(Locale.ROOT));
        if (answer.action() == Elicitor.Action.ACCEPT && asked.url() == null) {
            result.set("content", answer.content() == null ? JsonRpc.object() : answer.content());
        }
        return result;
    }
}
