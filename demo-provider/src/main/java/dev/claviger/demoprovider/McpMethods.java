package dev.claviger.demoprovider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the MCP server answers, as JSON-RPC 2.0 messages. */
final class McpMethods {

    private final Knobs knobs;
    private final NotesTools notes = new NotesTools();

    McpMethods(Knobs knobs) {
        this.knobs = knobs;
    }

    Map<String, Object> initialized(Object id, String version) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("protocolVersion", version);
        result.put("capabilities", knobs.noToolsCapability ? Map.of() : Map.of("tools", Map.of("listChanged", false)));
        result.put("serverInfo", Map.of("name", "acme-notes", "title", "Acme Notes", "version", "1.4.0"));
        result.put("instructions", "Search before you write; notes are short.");
        return result(id, result);
    }

    /** @param person behind the request; null: nobody knows */
    Map<String, Object> answer(
            String method, Map<String, Object> message, Object id, @Nullable Map<String, Object> person) {
        Map<?, ?> params = message.get("params") instanceof Map<?, ?> given ? given : Map.of();
        if (method.equals("ping")) {
            return result(id, Map.of());
        }
        if (method.equals("tools/list") && !knobs.noToolsCapability) {
            return list(id, params.containsKey("cursor") ? String.valueOf(params.get("cursor")) : null);
        }
        if (method.equals("tools/call") && !knobs.noToolsCapability) {
            return call(id, params, person);
        }
        return error(id, -32601, "Method not found.");
    }

    /** The first next cursor is the empty string, which is a cursor like any other. */
    private Map<String, Object> list(Object id, @Nullable String cursor) {
        List<Map<String, Object>> tools = knobs.emptyToolList ? List.of() : offered();
        int size = knobs.pageSize > 0 ? knobs.pageSize : Math.max(1, tools.size());
        int page = cursor == null ? 0 : cursor.isEmpty() ? 1 : pageOf(cursor);
        if (page < 0 || page > 0 && page * size >= tools.size()) {
            return error(id, -32602, "Invalid cursor.");
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("tools", tools.subList(page * size, Math.min(tools.size(), (page + 1) * size)));
        if ((page + 1) * size < tools.size()) {
            result.put("nextCursor", page == 0 ? "" : "p:" + (page + 1) + "/=?&");
        }
        return result(id, result);
    }

    private List<Map<String, Object>> offered() {
        List<Map<String, Object>> tools = new ArrayList<>(knobs.tools);
        if (knobs.whoami) {
            tools.add(NotesTools.WHOAMI);
        }
        if (!knobs.mcpHuge) {
            return tools;
        }
        List<Map<String, Object>> huge = new ArrayList<>(tools);
        huge.add(Map.of(
                "name", "huge", "description", "x".repeat(32 * 1024 * 1024), "inputSchema", Map.of("type", "object")));
        return huge;
    }

    private static int pageOf(String cursor) {
        return cursor.matches("p:\\d{1,6}/=\\?&") ? Integer.parseInt(cursor.substring(2, cursor.indexOf('/'))) : -1;
    }

    private Map<String, Object> call(Object id, Map<?, ?> params, @Nullable Map<String, Object> person) {
        String name = String.valueOf(params.get("name"));
        if (name.equals("whoami") && offered().stream().anyMatch(tool -> name.equals(tool.get("name")))) {
            Map<String, Object> lie = knobs.whoamiAnswer;
            return result(id, lie != null ? lie : NotesTools.whoami(person));
        }
        if (knobs.tools.stream().noneMatch(tool -> name.equals(tool.get("name")))) {
            return error(id, -32602, "Unknown tool.");
        }
        return result(id, notes.call(name, params.get("arguments") instanceof Map<?, ?> given ? given : Map.of()));
    }

    static Map<String, Object> result(Object id, Map<String, Object> result) {
        Map<String, Object> message = message(id);
        message.put("result", result);
        return message;
    }

    static Map<String, Object> error(@Nullable Object id, int code, String text) {
        Map<String, Object> message = message(id);
        message.put("error", Map.of("code", code, "message", text));
        return message;
    }

    static Map<String, Object> notification(String text) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("jsonrpc", "2.0");
        message.put("method", "notifications/message");
        message.put("params", Map.of("level", "info", "data", text));
        return message;
    }

    private static Map<String, Object> message(@Nullable Object id) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("jsonrpc", "2.0");
        if (id != null) {
            message.put("id", Objects.requireNonNull(id));
        }
        return message;
    }
}
