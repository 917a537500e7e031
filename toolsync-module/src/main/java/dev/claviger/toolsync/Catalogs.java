package dev.claviger.toolsync;

import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.protocol.KnownWay;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a conversation with a server must know of its catalogue. */
interface Catalogs {

    /** The tool as listed. */
    Optional<Tool> tool(ToolCatalogId catalogId, String name);

    /** How the server was spoken to the last time; null until a listing has found it out (C87). */
    @Nullable
    KnownWay knownWay(ToolCatalogId catalogId);

    /** Hash of the definition of each known tool, by its name. */
    Map<String, String> hashes(ToolCatalogId catalogId);

    /** Null until the tools were listed once. */
    @Nullable
    Instant lastSyncedAt(ToolCatalogId catalogId);

    /** Whether an empty list waits for a person already. */
    boolean emptyListWithheld(ToolCatalogId catalogId);
}
