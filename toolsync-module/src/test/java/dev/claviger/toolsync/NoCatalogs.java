package dev.claviger.toolsync;

import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.protocol.KnownWay;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Knows of no server how it speaks. */
class NoCatalogs implements Catalogs {

    @Override
    public Optional<Tool> tool(ToolCatalogId catalogId, String name) {
        return Optional.empty();
    }

    @Override
    public KnownWay knownWay(ToolCatalogId catalogId) {
        return null;
    }

    @Override
    public Map<String, String> hashes(ToolCatalogId catalogId) {
        return Map.of();
    }

    @Override
    public Instant lastSyncedAt(ToolCatalogId catalogId) {
        return null;
    }

    @Override
    public boolean emptyListWithheld(ToolCatalogId catalogId) {
        return false;
    }
}
