package dev.claviger.demoprovider;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The MCP endpoint of revision 2026-07-28, strictly: no handshake, no session, headers that say what the body says.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http">Streamable HTTP</a>
 */
final class ModernMcp {

    static final String VERSION = "2026-07-28";
    private static final String META = "io.modelcontextprotocol/";
    private static final String STATE = "s1: \"as it is\"";

    private final Knobs knobs;
    private final McpMethods methods;

    ModernMcp(Knobs knobs, McpMethods methods) {
        this.knobs = knobs;
        this.methods = methods;
    }

    void handle(Call call, Map<String, Object> message, @Nullable Map<String, Object> person) throws IOException {
        Object id = message.get("id");
        String method = String.valueOf(message.get("method"));
        Map<?, ?> params = message.get("params") instanceof Map<?, ?> given ? given : Map.of();
        Map<?, ?> meta = params.get("_meta") instanceof Map<?, ?> given ? given : Map.of();
        Object version = meta.get(META + "protocolVersion");
        if (id == null) {
            call.empty(202);
        } else if (version == null || !(meta.get(META + "clientCapabilities") instanceof Map<?, ?> capabilities)) {
            call.json(
                    400,
                    McpMethods.error(id, -32602, "_meta lacks the version or the capabilities; supported: " + VERSION));
        } else if (mismatch(call, method, params, version) != null) {
            call.json(400, McpMethods.error(id, -32020, String.valueOf(mismatch(call, method, params, version))));
        } else if (!version.equals(VERSION)) {
            call.json(400, unsupported(id, version));
        } else {
            answer(call, method, message, id, params, capabilities, person);
        }
    }

    private void answer(
            Call call,
            String method,
            Map<String, Object> message,
            Object id,
            Map<?, ?> params,
            Map<?, ?> capabilities,
            @Nullable Map<String, Object> person)
            throws IOException {
        if (method.equals("server/discover")) {
            call.json(200, complete(McpMethods.result(id, discovery())));
        } else if (method.equals("tools/call") && knobs.asksForInput && !isAnswered(params)) {
            if (capabilities.containsKey("elicitation")) {
                call.json(200, question(id));
            } else {
                call.json(400, McpMethods.error(id, -32021, "The client must be able to ask a person."));
            }
        } else {
            Map<String, Object> answer = methods.answer(method, message, id, person);
            boolean isUnknown = answer.get("error") instanceof Map<?, ?> error
                    && Integer.valueOf(-32601).equals(error.get("code"));
            call.json(isUnknown ? 404 : 200, complete(answer));
        }
    }

    private Map<String, Object> discovery() {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("supportedVersions", List.of(VERSION));
        result.put("capabilities", knobs.noToolsCapability ? Map.of() : Map.of("tools", Map.of("listChanged", false)));
        result.put("_meta", Map.of(META + "serverInfo", Map.of("name", "acme-notes", "version", "2.0.0")));
        return result;
    }

    /** Every result says that it is whole and how long it is good for. */
    private static Map<String, Object> complete(Map<String, Object> answer) {
        if (answer.get("result") instanceof Map<?, ?> plain) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("resultType", "complete");
            plain.forEach((key, value) -> result.put(String.valueOf(key), value));
            if (plain.containsKey("tools") || plain.containsKey("supportedVersions")) {
                result.put("ttlMs", 60_000);
                result.put("cacheScope", "private");
            }
            answer.put("result", result);
        }
        return answer;
    }

    private static boolean isAnswered(Map<?, ?> params) {
        return params.get("inputResponses") instanceof Map<?, ?> responses
                && responses.get("confirm") instanceof Map<?, ?> confirm
                && "accept".equals(confirm.get("action"))
                && STATE.equals(params.get("requestState"));
    }

    private static Map<String, Object> question(Object id) {
        Map<String, Object> schema =
                Map.of("type", "object", "properties", Map.of("sure", Map.of("type", "boolean", "default", true)));
        Map<String, Object> asked = Map.of(
                "method",
                "elicitation/create",
                "params",
                Map.of("mode", "form", "message", "Are you sure?", "requestedSchema", schema));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("resultType", "input_required");
        result.put("inputRequests", Map.of("confirm", asked));
        result.put("requestState", STATE);
        return McpMethods.result(id, result);
    }

    private static Map<String, Object> unsupported(Object id, Object requested) {
        Map<String, Object> answer = McpMethods.error(id, -32022, "Unsupported protocol version");
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", -32022);
        error.put("message", "Unsupported protocol version");
        error.put("data", Map.of("supported", List.of(VERSION), "requested", requested));
        answer.put("error", error);
        return answer;
    }

    private static @Nullable String mismatch(Call call, String method, Map<?, ?> params, Object version) {
        if (!version.equals(call.header("MCP-Protocol-Version"))) {
            return "MCP-Protocol-Version must be " + version;
        }
        if (!method.equals(call.header("Mcp-Method"))) {
            return "Mcp-Method must be " + method;
        }
        if (method.equals("tools/call")
                && !String.valueOf(params.get("name")).equals(decoded(call.header("Mcp-Name")))) {
            return "Mcp-Name must be the name of the tool";
        }
        return null;
    }

    private static @Nullable String decoded(@Nullable String header) {
        if (header == null || !header.startsWith("=?base64?") || !header.endsWith("?=")) {
            return header;
        }
        byte[] text = Base64.getDecoder().decode(header.substring(9, header.length() - 2));
        return new String(text, StandardCharsets.UTF_8);
    }
}
