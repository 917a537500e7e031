package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.Refused;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The MCP revisions we speak, newest first, and how we introduce ourselves. */
final class Revisions {

    static final List<String> MODERN = List.of("2026-07-28");
    static final List<String> LEGACY = List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

    private Revisions() {}

    static ObjectNode ourselves() {
        String version = Revisions.class.getPackage().getImplementationVersion();
        return JsonRpc.object()
                .put("name", "claviger")
                .put("title", "Claviger")
                .put("version", version == null ? "0" : version);
    }

    /** @param offered what the server speaks instead: an array, one text, or missing */
    static Refused noneInCommon(JsonNode offered, Collection<Secret> secrets) {
        String ours = Stream.concat(MODERN.stream(), LEGACY.stream()).collect(Collectors.joining(", "));
        String theirs = (offered.isArray() ? offered.values().stream() : Stream.of(offered))
                .filter(JsonNode::isString)
                .limit(5)
                .map(each -> RemoteText.quote(each.stringValue(), secrets))
                .collect(Collectors.joining(", "));
        return new Refused(
                FailureCode.MCP_VERSION_UNSUPPORTED,
                theirs.isEmpty()
                        ? "The server speaks none of the MCP revisions " + ours
                        : "The server offers MCP revision %s; we speak %s".formatted(theirs, ours));
    }
}
