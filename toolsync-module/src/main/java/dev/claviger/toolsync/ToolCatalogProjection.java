package dev.claviger.toolsync;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCatalogEvent.CatalogCleared;
import dev.claviger.toolsync.api.ToolCatalogEvent.EmptyListWithheld;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncFailed;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.ToolsSynced;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.Timestamp;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Keeps the tools and the state of each catalogue for pages and queries. */
@Component
@ProcessingGroup("toolsync-views")
class ToolCatalogProjection {

    /** No clock and no column holds every {@code ttlMs} that a server may dream up. */
    private static final Duration LONGEST_FRESH = Duration.ofDays(365);

    private final JdbcClient jdbc;
    private final JsonMapper json;

    ToolCatalogProjection(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @EventHandler
    void on(SyncRequested event) {
        jdbc.sql("""
                        insert into toolsync.catalog (catalog_id, latest_sync) values (:catalog, :sync)
                        on conflict (catalog_id) do update set latest_sync = excluded.latest_sync
                        """)
                .param("catalog", event.catalogId().toString())
                .param("sync", event.syncId())
                .update();
    }

    @EventHandler
    void on(ToolsSynced event, @Timestamp Instant at) {
        event.removed().forEach(name -> remove(event.catalogId(), name));
        event.added().forEach(tool -> put(event.catalogId(), tool, at));
        event.changed().forEach(tool -> put(event.catalogId(), tool, at));
        jdbc.sql("""
                        update toolsync.catalog set tools = :tools, last_synced_at = :at, protocol_version = :protocol,
                            server_name = :name, server_version = :version,
                            era = :era, wire = :wire, dropped = coalesce(:dropped::json, dropped),
                            fresh_until = :freshUntil,
                            trouble = null, trouble_detail = null, empty_list_withheld = false
                        where catalog_id = :catalog
                        """)
                .param("tools", event.total())
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("protocol", event.protocolVersion())
                .param("name", event.serverName())
                .param("version", event.serverVersion())
                .param("era", event.era())
                .param("wire", event.wire())
                .param("dropped", event.dropped() == null ? null : json.writeValueAsString(event.dropped()))
                .param("freshUntil", freshUntil(event, at))
                .param("catalog", event.catalogId().toString())
                .update();
    }

    private static @Nullable OffsetDateTime freshUntil(ToolsSynced event, Instant at) {
        Duration freshFor = event.freshFor();
        return freshFor == null || freshFor.isZero() || freshFor.isNegative()
                ? null
                : at.plus(freshFor.compareTo(LONGEST_FRESH) < 0 ? freshFor : LONGEST_FRESH)
                        .atOffset(ZoneOffset.UTC);
    }

    /** A listing that was overtaken by a later one has nothing to say about how things stand. */
    @EventHandler
    void on(SyncFailed event) {
        jdbc.sql("""
                        update toolsync.catalog set trouble = :code, trouble_detail = :detail
                        where catalog_id = :catalog and latest_sync = :sync
                        """)
                .param("code", event.failure().code().code())
                .param("detail", event.failure().detail())
                .param("catalog", event.catalogId().toString())
                .param("sync", event.syncId())
                .update();
    }

    @EventHandler
    void on(EmptyListWithheld event) {
        jdbc.sql("""
                        update toolsync.catalog
                        set empty_list_withheld = true, trouble = :code, trouble_detail = :detail
                        where catalog_id = :catalog
                        """)
                .param("code", FailureCode.EMPTY_LIST_WITHHELD.code())
                .param(
                        "detail",
                        "The server listed no tools; the %d known ones stay until the empty list is accepted"
                                .formatted(event.kept()))
                .param("catalog", event.catalogId().toString())
                .update();
    }

    @EventHandler
    void on(CatalogCleared event) {
        jdbc.sql("delete from toolsync.tool where catalog_id = :catalog")
                .param("catalog", event.catalogId().toString())
                .update();
        jdbc.sql("delete from toolsync.catalog where catalog_id = :catalog")
                .param("catalog", event.catalogId().toString())
                .update();
    }

    @ResetHandler
    void reset() {
        jdbc.sql("truncate toolsync.tool, toolsync.catalog").update();
    }

    private void remove(ToolCatalogId catalogId, String name) {
        jdbc.sql("delete from toolsync.tool where catalog_id = :catalog and name = :name")
                .param("catalog", catalogId.toString())
                .param("name", name)
                .update();
    }

    private void put(ToolCatalogId catalogId, Tool tool, Instant at) {
        jdbc.sql("""
                        insert into toolsync.tool
                            (catalog_id, name, title, description, definition, first_seen_at, changed_at)
                        values (:catalog, :name, :title, :description, :definition::json, :at, :at)
                        on conflict (catalog_id, name) do update set title = excluded.title,
                            description = excluded.description, definition = excluded.definition,
                            changed_at = excluded.changed_at
                        """)
                .param("catalog", catalogId.toString())
                .param("name", tool.name())
                .param("title", tool.title())
                .param("description", tool.description())
                .param("definition", json.writeValueAsString(tool.definition()))
                .param("at", at.atOffset(ZoneOffset.UTC))
                .update();
    }
}
