package dev.claviger.connectors;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCatalogEvent.CatalogCleared;
import dev.claviger.toolsync.api.ToolCatalogEvent.EmptyListWithheld;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncFailed;
import dev.claviger.toolsync.api.ToolCatalogEvent.ToolsSynced;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.time.Instant;
import java.util.List;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Follows the catalogues: how many tools, which names, and how the last listing went. */
@Component
@ProcessingGroup("connectors-views")
class CatalogView {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    CatalogView(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @EventHandler
    void on(ToolsSynced event, @Timestamp Instant at) {
        forget(event.catalogId(), event.removed());
        jdbc.sql("""
                        insert into connectors.connector_tool (connector_id, name)
                        select :id, jsonb_array_elements_text(cast(:names as jsonb))
                        on conflict do nothing
                        """)
                .param("id", event.catalogId().value())
                .param(
                        "names",
                        json.writeValueAsString(
                                event.added().stream().map(Tool::name).toList()))
                .update();
        jdbc.sql("""
                        insert into connectors.catalog (connector_id, tools, last_synced_at)
                        values (:id, :tools, :at)
                        on conflict (connector_id) do update
                           set tools = excluded.tools, last_synced_at = excluded.last_synced_at,
                               failure_code = null, failure_detail = null, failed_at = null
                        """)
                .param("id", event.catalogId().value())
                .param("tools", event.total())
                .param("at", Stamps.in(at))
                .update();
    }

    @EventHandler
    void on(SyncFailed event, @Timestamp Instant at) {
        failed(event.catalogId(), event.failure().code(), event.failure().detail(), at);
    }

    @EventHandler
    void on(EmptyListWithheld event, @Timestamp Instant at) {
        failed(
                event.catalogId(),
                FailureCode.EMPTY_LIST_WITHHELD,
                "The server listed no tools where there were " + event.kept()
                        + "; accept the empty list, or list again.",
                at);
    }

    @EventHandler
    void on(CatalogCleared event) {
        forget(event.catalogId(), event.removed());
        jdbc.sql("delete from connectors.catalog where connector_id = :id")
                .param("id", event.catalogId().value())
                .update();
    }

    private void failed(ToolCatalogId id, FailureCode code, String detail, Instant at) {
        jdbc.sql("""
                        insert into connectors.catalog (connector_id, failure_code, failure_detail, failed_at)
                        values (:id, :code, :detail, :at)
                        on conflict (connector_id) do update
                           set failure_code = excluded.failure_code, failure_detail = excluded.failure_detail,
                               failed_at = excluded.failed_at
                        """)
                .param("id", id.value())
                .param("code", code.code())
                .param("detail", detail)
                .param("at", Stamps.in(at))
                .update();
    }

    private void forget(ToolCatalogId id, List<String> names) {
        jdbc.sql("""
                        delete from connectors.connector_tool
                         where connector_id = :id and name in (select jsonb_array_elements_text(cast(:names as jsonb)))
                        """)
                .param("id", id.value())
                .param("names", json.writeValueAsString(names))
                .update();
    }
}
