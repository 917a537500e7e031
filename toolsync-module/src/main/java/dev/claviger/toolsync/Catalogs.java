package dev.claviger.toolsync;

import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.protocol.KnownWay;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a conversation with a server must know of its catalogue. */
interface Catalogs {

    /** The tool as listed. */
    Optional<Tool> tool(ToolCatalogId catalogId, String name);

    /** How the server was spoken to the last time; null until a listing has found it out (C87). */
    @Nullable
    KnownWay knownWay(ToolCatalogId catalogId);
}
