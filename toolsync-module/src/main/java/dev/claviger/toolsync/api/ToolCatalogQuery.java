package dev.claviger.toolsync.api;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may be asked about tool catalogues. */
public sealed interface ToolCatalogQuery {

    /**
     * Answers a {@link ToolPage}, ordered by name.
     *
     * @param search part of name, title or description, case ignored; null: all
     * @param offset from 0
     * @param limit 1 to 1,000
     */
    record FindTools(ToolCatalogId catalogId, @Nullable String search, int offset, int limit)
            implements ToolCatalogQuery {}

    /** Answers a {@link Tool}, as the server described it, or nothing. */
    record FindTool(ToolCatalogId catalogId, String name) implements ToolCatalogQuery {}

    /**
     * Answers {@link AccountTools}: those that look as if they said who one is. They have a name known for that, want no
     * arguments, and say of themselves that they only read; none of them was ever called for it.
     */
    record FindAccountTools(ToolCatalogId catalogId) implements ToolCatalogQuery {}

    /** @param names ordered */
    record AccountTools(List<String> names) {}

    /** Answers {@link CatalogFactsList} for those of the ids that exist, in no order. At most 1,000 ids. */
    record FindCatalogs(Collection<ToolCatalogId> catalogIds) implements ToolCatalogQuery {}

    /** @param total number of tools that match */
    record ToolPage(List<Tool> items, int total) {}

    /**
     * @param lastSyncedAt last successful listing; null: none yet
     * @param trouble failure code of the last listing when it failed; null when it did not
     * @param emptyListWithheld whether an empty list waits for a person
     * @param era {@code modern}, stateless, from 2026-07-28 on; {@code legacy}, with a handshake; null: not known
     * @param wire {@code streamable-http} or {@code http+sse}; null: not known
     * @param dropped listed and not used, each with the reason
     * @param freshUntil until when the server calls the list fresh; null: it does not say
     */
    record CatalogFacts(
            ToolCatalogId catalogId,
            int tools,
            @Nullable Instant lastSyncedAt,
            @Nullable String protocolVersion,
            @Nullable String serverName,
            @Nullable String serverVersion,
            @Nullable String trouble,
            @Nullable String troubleDetail,
            boolean emptyListWithheld,
            @Nullable String era,
            @Nullable String wire,
            List<DroppedTool> dropped,
            @Nullable Instant freshUntil) {}

    /** Collects the answer of {@link FindCatalogs}. */
    record CatalogFactsList(List<CatalogFacts> items) {}
}
