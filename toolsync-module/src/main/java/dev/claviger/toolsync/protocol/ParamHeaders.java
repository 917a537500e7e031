package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.Secret;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The arguments of a tool that its {@code inputSchema} wants repeated in headers, by {@code x-mcp-header} (C74, C75).
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/server/tools#x-mcp-header">MCP 2026-07-28,
 *     x-mcp-header</a>
 */
final class ParamHeaders {

    private static final String KEYWORD = "x-mcp-header";
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Set<String> TYPES = Set.of("string", "integer", "boolean");

    private record Mirrored(String header, List<String> path) {}

    private final List<Mirrored> mirrored = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private @Nullable String complaint;

    private ParamHeaders(JsonNode inputSchema) {
        SchemaWalk.visit(inputSchema, this::look);
    }

    /** Why a tool with this schema must not be used; null: it may. */
    static @Nullable String complaint(JsonNode inputSchema) {
        return new ParamHeaders(inputSchema).complaint;
    }

    /** The headers of a call, by name. */
    static Map<String, Secret> of(JsonNode inputSchema, JsonNode arguments) {
        Map<String, Secret> headers = new LinkedHashMap<>();
        for (Mirrored each : new ParamHeaders(inputSchema).mirrored) {
            JsonNode value = arguments;
            for (String name : each.path()) {
                value = value.path(name);
            }
            if (value.isString()) {
                headers.put(each.header(), Secret.of(HeaderValue.of(value.stringValue())));
            } else if (value.isBoolean()) {
                headers.put(each.header(), Secret.of(String.valueOf(value.booleanValue())));
            } else if (value.isNumber()) {
                headers.put(each.header(), Secret.of(plain(value.decimalValue())));
            }
        }
        return headers;
    }

    private void look(SchemaWalk.Subschema subschema) {
        JsonNode name = subschema.schema().path(KEYWORD);
        if (name.isMissingNode() || complaint != null) {
            return;
        }
        List<String> path = subschema.properties();
        if (!name.isString() || !TOKEN.matcher(name.stringValue()).matches()) {
            complaint = "its x-mcp-header %s is no name for a header"
                    .formatted(RemoteText.quote(name.isString() ? name.stringValue() : JsonRpc.write(name), Set.of()));
        } else if (path == null || path.isEmpty()) {
            complaint = "its x-mcp-header %s stands where no argument can be found for it"
                    .formatted(RemoteText.quote(name.stringValue(), Set.of()));
        } else if (!isPrimitive(subschema.schema().path("type"))) {
            complaint = "its x-mcp-header %s is on an argument that is not a string, an integer or a boolean"
                    .formatted(RemoteText.quote(name.stringValue(), Set.of()));
        } else if (!names.add(name.stringValue().toLowerCase(Locale.ROOT))) {
            complaint = "its x-mcp-header %s is there twice".formatted(RemoteText.quote(name.stringValue(), Set.of()));
        } else {
            mirrored.add(new Mirrored("Mcp-Param-" + name.stringValue(), path));
        }
    }

    /** {@code ["string", "null"]} is one that may be left out. */
    private static boolean isPrimitive(JsonNode type) {
        List<String> types = JsonRpc.messages(type).stream()
                .map(each -> each.stringValue(""))
                .filter(each -> !(type.isArray() && each.equals("null")))
                .toList();
        return !types.isEmpty() && TYPES.containsAll(types);
    }

    private static String plain(BigDecimal number) {
        BigDecimal shortest = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        // Nobody writes an argument of a thousand digits; its plain form must not fill the memory.
        return Math.abs(shortest.scale()) > 100 ? shortest.toString() : shortest.toPlainString();
    }
}
