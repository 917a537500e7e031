package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns the pages of {@code tools/list}. A broken page is asked for once more, a cursor that the server no longer takes means
 * to begin once more (C81, C84, C85).
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/pagination">MCP 2026-07-28,
 *     pagination</a>
 */
final class Pages {

    private static final long LONGEST_TTL = Duration.ofDays(1).toMillis();

    /** Asks for one page. */
    interface Source {
        JsonNode page(ObjectNode params);
    }

    private final Limits limits;
    private final Source source;
    private final boolean mirrorsHeaders;
    private final Collection<Secret> secrets;
    private boolean brokeOnce;
    private boolean begunAnew;

    /**
     * @param mirrorsHeaders whether {@code x-mcp-header} means something, and can be wrong
     * @param secrets what we showed, and no tool may repeat
     */
    Pages(Limits limits, boolean mirrorsHeaders, Collection<Secret> secrets, Source source) {
        this.limits = limits;
        this.mirrorsHeaders = mirrorsHeaders;
        this.secrets = secrets;
        this.source = source;
    }

    ToolListing all() {
        ToolList tools = new ToolList(limits.tools(), mirrorsHeaders, secrets);
        Set<String> cursors = new HashSet<>();
        String cursor = null;
        for (int page = 1; page <= limits.pages(); page++) {
            JsonNode result;
            try {
                result = page(cursor);
            } catch (Refused e) {
                if (cursor == null || begunAnew || e.code() != FailureCode.MCP_PROTOCOL_ERROR) {
                    throw e;
                }
                begunAnew = true;
                return all();
            }
            if (!result.path("tools").isArray()) {
                throw Verdict.protocolError("The server's answer to tools/list has no list of tools");
            }
            result.path("tools").forEach(tools::add);
            tools.fresh(ttl(result), !result.path("cacheScope").stringValue("").equals("public"));
            cursor = nextCursor(result);
            if (cursor == null) {
                return tools.listing();
            }
            if (!cursors.add(cursor)) {
                throw Verdict.protocolError("The server's pages of tools go round in circles: a cursor came twice");
            }
        }
        throw new Untrusted(
                FailureCode.LIMIT_EXCEEDED, "The server's tool list has more than %d pages".formatted(limits.pages()));
    }

    private JsonNode page(@Nullable String cursor) {
        ObjectNode params = JsonRpc.object();
        if (cursor != null) {
            params.put("cursor", cursor);
        }
        try {
            return source.page(params.deepCopy());
        } catch (Unreachable e) {
            if (brokeOnce || !e.answerMayBeLost()) {
                throw e;
            }
            brokeOnce = true;
            return source.page(params);
        }
    }

    /** Negative, absent or nonsense means stale at once. */
    private static Duration ttl(JsonNode result) {
        JsonNode ttl = result.path("ttlMs");
        boolean isSaid = ttl.isIntegralNumber() && ttl.canConvertToLong() && ttl.longValue() > 0;
        return isSaid ? Duration.ofMillis(Math.min(ttl.longValue(), LONGEST_TTL)) : Duration.ZERO;
    }

    /** Opaque, and {@code ""} is one like any other (C84). */
    private static @Nullable String nextCursor(JsonNode result) {
        if (!result.hasNonNull("nextCursor")) {
            return null;
        }
        if (!result.path("nextCursor").isString()) {
            throw Verdict.protocolError("The server's cursor to the next page of tools is not a string");
        }
        return result.path("nextCursor").stringValue();
    }
}
