package dev.claviger.toolsync;

import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.protocol.KnownWay;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Reads catalogues from the tables of the projection. */
@Component
class CatalogRows implements Catalogs {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    CatalogRows(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    @Override
    public Optional<Tool> tool(ToolCatalogId catalogId, String name) {
        // No stored name holds NUL, and the database takes none.
        return name.indexOf('\0') >= 0
                ? Optional.empty()
                : jdbc.sql("""
                        select definition::text from toolsync.tool where catalog_id = :catalog and name = :name
                        """)
                        .param("catalog", catalogId.toString())
                        .param("name", name)
                        .query(String.class)
                        .optional()
                        .map(definition -> new Tool(name, json.readTree(definition)));
    }

    @Override
    public @Nullable KnownWay knownWay(ToolCatalogId catalogId) {
        return jdbc.sql("select era, wire from toolsync.catalog where catalog_id = :catalog")
                .param("catalog", catalogId.toString())
                .query((row, number) -> Optional.ofNullable(Ways.of(row.getString("era"), row.getString("wire"))))
                .optional()
                .flatMap(way -> Objects.requireNonNull(way))
                .orElse(null);
    }

    @Override
    public Map<String, String> hashes(ToolCatalogId catalogId) {
        return DefinitionHash.of(jdbc.sql("""
                        select name, definition::text as definition from toolsync.tool where catalog_id = :catalog
                        """)
                .param("catalog", catalogId.toString())
                .query((row, number) -> new Tool(row.getString("name"), json.readTree(row.getString("definition"))))
                .list());
    }

    @Override
    public @Nullable Instant lastSyncedAt(ToolCatalogId catalogId) {
        return jdbc.sql("""
                        select last_synced_at from toolsync.catalog
                         where catalog_id = :catalog and last_synced_at is not null
                        """)
                .param("catalog", catalogId.toString())
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant)
                .orElse(null);
    }

    @Override
    public boolean emptyListWithheld(ToolCatalogId catalogId) {
        return jdbc.sql("select empty_list_withheld from toolsync.catalog where catalog_id = :catalog")
                .param("catalog", catalogId.toString())
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }
}
