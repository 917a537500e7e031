package dev.claviger.toolsync;

import dev.claviger.toolsync.api.DroppedTool;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.api.ToolCatalogQuery.AccountTools;
import dev.claviger.toolsync.api.ToolCatalogQuery.CatalogFacts;
import dev.claviger.toolsync.api.ToolCatalogQuery.CatalogFactsList;
import dev.claviger.toolsync.api.ToolCatalogQuery.FindAccountTools;
import dev.claviger.toolsync.api.ToolCatalogQuery.FindCatalogs;
import dev.claviger.toolsync.api.ToolCatalogQuery.FindTool;
import dev.claviger.toolsync.api.ToolCatalogQuery.FindTools;
import dev.claviger.toolsync.api.ToolCatalogQuery.ToolPage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Answers what may be asked about tool catalogues. */
@Component
class ToolCatalogQueries {

    private static final int MOST = 1_000;

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Catalogs catalogs;

    ToolCatalogQueries(JdbcClient jdbc, JsonMapper json, Catalogs catalogs) {
        this.jdbc = jdbc;
        this.json = json;
        this.catalogs = catalogs;
    }

    @QueryHandler
    ToolPage handle(FindTools query) {
        requireBetween("limit", 1, query.limit(), MOST);
        requireBetween("offset", 0, query.offset(), Integer.MAX_VALUE);
        String search = query.search() == null ? "" : query.search().strip();
        List<Tool> items = matching(
                        "name, definition::text as definition",
                        "order by name limit :limit offset :offset",
                        query,
                        search)
                .param("limit", query.limit())
                .param("offset", query.offset())
                .query((row, number) -> new Tool(row.getString("name"), json.readTree(row.getString("definition"))))
                .list();
        int total = matching("count(*)", "", query, search).query(Integer.class).single();
        return new ToolPage(items, total);
    }

    @QueryHandler
    Optional<Tool> handle(FindTool query) {
        return catalogs.tool(query.catalogId(), query.name());
    }

    @QueryHandler
    AccountTools handle(FindAccountTools query) {
        return new AccountTools(jdbc
                .sql("""
                        select name, definition::text as definition from toolsync.tool
                         where catalog_id = :catalog and definition -> 'annotations' ->> 'readOnlyHint' = 'true'
                         order by name limit :limit
                        """)
                .param("catalog", query.catalogId().toString())
                .param("limit", MOST)
                .query((row, number) -> new Tool(row.getString("name"), json.readTree(row.getString("definition"))))
                .list()
                .stream()
                .filter(AccountToolGuess::fits)
                .map(Tool::name)
                .toList());
    }

    @QueryHandler
    CatalogFactsList handle(FindCatalogs query) {
        if (query.catalogIds().isEmpty()) {
            return new CatalogFactsList(List.of());
        }
        requireBetween("number of ids", 1, query.catalogIds().size(), MOST);
        return new CatalogFactsList(jdbc.sql("select * from toolsync.catalog where catalog_id in (:catalogs)")
                .param(
                        "catalogs",
                        query.catalogIds().stream().map(ToolCatalogId::toString).toList())
                .query((row, number) -> facts(row))
                .list());
    }

    private JdbcClient.StatementSpec matching(String columns, String end, FindTools query, String search) {
        return jdbc.sql("""
                        select %s from toolsync.tool
                        where catalog_id = :catalog and (:search = ''
                            or strpos(lower(name), lower(:search)) > 0
                            or strpos(lower(coalesce(title, '')), lower(:search)) > 0
                            or strpos(lower(coalesce(description, '')), lower(:search)) > 0)
                        %s
                        """.formatted(columns, end))
                .param("catalog", query.catalogId().toString())
                .param("search", search);
    }

    private CatalogFacts facts(ResultSet row) throws SQLException {
        return new CatalogFacts(
                ToolCatalogId.parse(row.getString("catalog_id")),
                row.getInt("tools"),
                instant(row.getObject("last_synced_at", OffsetDateTime.class)),
                row.getString("protocol_version"),
                row.getString("server_name"),
                row.getString("server_version"),
                row.getString("trouble"),
                row.getString("trouble_detail"),
                row.getBoolean("empty_list_withheld"),
                row.getString("era"),
                row.getString("wire"),
                List.of(json.readValue(row.getString("dropped"), DroppedTool[].class)),
                instant(row.getObject("fresh_until", OffsetDateTime.class)));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static void requireBetween(String what, int least, int value, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("The %s must be %d to %d".formatted(what, least, most));
        }
    }
}
