package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.api.DroppedTool;
import dev.claviger.toolsync.api.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Gathers the tools of all pages and drops, by name and with the reason, each that cannot be used: one bad definition must
 * not cost the others.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool">MCP 2025-11-25, Tool</a>
 */
final class ToolList {

    private final Map<String, Tool> tools = new LinkedHashMap<>();
    private final List<DroppedTool> dropped = new ArrayList<>();
    private final int most;
    private final boolean mirrorsHeaders;
    private final Collection<Secret> secrets;
    private @Nullable Duration ttl;
    private boolean isPrivate;

    ToolList(int most, boolean mirrorsHeaders, Collection<Secret> secrets) {
        this.most = most;
        this.mirrorsHeaders = mirrorsHeaders;
        this.secrets = secrets;
    }

    void add(JsonNode definition) {
        int number = tools.size() + dropped.size() + 1;
        if (number > most) {
            throw new Untrusted(FailureCode.LIMIT_EXCEEDED, "The server lists more than %d tools".formatted(most));
        }
        String complaint = Definition.complaint(definition, mirrorsHeaders, secrets);
        String name = definition.path("name").stringValue("");
        if (complaint == null && tools.putIfAbsent(name, new Tool(name, definition)) != null) {
            complaint = "there are two tools of that name, and the first one is used";
        }
        if (complaint != null) {
            String label = RemoteText.label(definition.path("name"), secrets);
            dropped.add(new DroppedTool(
                    label == null ? "Tool number " + number : label,
                    "The tool is left out because %s; its developer must mend this".formatted(complaint)));
        }
    }

    /** Of one page; the list is as fresh and as public as its worst page. */
    void fresh(Duration pageTtl, boolean pageIsPrivate) {
        ttl = ttl == null || pageTtl.compareTo(ttl) < 0 ? pageTtl : ttl;
        isPrivate |= pageIsPrivate;
    }

    ToolListing listing() {
        return new ToolListing(List.copyOf(tools.values()), dropped, ttl == null ? Duration.ZERO : ttl, isPrivate);
    }
}
