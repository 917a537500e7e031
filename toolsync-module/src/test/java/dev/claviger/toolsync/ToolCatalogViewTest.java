package dev.claviger.toolsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.toolsync.api.DroppedTool;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCatalogEvent.CatalogCleared;
import dev.claviger.toolsync.api.ToolCatalogEvent.EmptyListWithheld;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncFailed;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.ToolsSynced;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.api.ToolCatalogQuery.CatalogFacts;
import dev.claviger.toolsync.api.ToolCatalogQuery.FindCatalogs;
import dev.claviger.toolsync.api.ToolCatalogQuery.FindTool;
import dev.claviger.toolsync.api.ToolCatalogQuery.FindTools;
import dev.claviger.toolsync.protocol.Era;
import dev.claviger.toolsync.protocol.KnownWay;
import dev.claviger.toolsync.protocol.Wire;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import tools.jackson.databind.json.JsonMapper;

class ToolCatalogViewTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant MONDAY = Instant.parse("2026-11-23T08:00:00Z");
    private static final Instant TUESDAY = Instant.parse("2026-11-24T08:00:00Z");

    private static EmbeddedPostgres postgres;
    private static JdbcClient jdbc;

    private final ToolCatalogId id = new ToolCatalogId(UUID.randomUUID());
    private final UUID first = UUID.randomUUID();
    private final UUID second = UUID.randomUUID();
    private final ToolCatalogProjection projection = new ToolCatalogProjection(jdbc, JSON);
    private final ToolCatalogQueries queries = new ToolCatalogQueries(jdbc, JSON, new CatalogRows(jdbc, JSON));

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder().setLocaleConfig("locale", "C").start();
        jdbc = JdbcClient.create(postgres.getPostgresDatabase());
        jdbc.sql("create schema toolsync").update();
        new ResourceDatabasePopulator(
                        new ClassPathResource("db/toolsync/V1__tool_catalogues.sql"),
                        new ClassPathResource("db/toolsync/V2__how_a_server_speaks.sql"),
                        new ClassPathResource("db/toolsync/V3__health_of_credentials.sql"))
                .execute(postgres.getPostgresDatabase());
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @Test
    void showsToolsByNameAndPage() {
        list(first, MONDAY, tool("b", "Second"), tool("a", "First"), tool("c", "Third"));

        assertThat(queries.handle(new FindTools(id, null, 0, 2)).items())
                .containsExactly(tool("a", "First"), tool("b", "Second"));
        assertThat(queries.handle(new FindTools(id, null, 2, 2)).items()).containsExactly(tool("c", "Third"));
        assertThat(queries.handle(new FindTools(id, null, 2, 2)).total()).isEqualTo(3);
        assertThatIllegalArgumentException().isThrownBy(() -> queries.handle(new FindTools(id, null, 0, 1001)));
    }

    @Test
    void findsToolsByNameTitleAndDescription() {
        Tool titled = new Tool("x", JSON.readTree("{\"name\":\"x\",\"title\":\"100%_sure\",\"inputSchema\":{}}"));
        list(first, MONDAY, tool("search_notes", "Looks up"), tool("write", "Adds a NOTE"), titled);

        assertThat(names("note")).containsExactly("search_notes", "write");
        assertThat(names(" %_S ")).containsExactly("x");
        assertThat(names("'; drop")).isEmpty();
        assertThat(names("")).hasSize(3);
    }

    @Test
    void keepsADefinitionAsItCame() {
        String definition = "{\"name\":\"z\",\"inputSchema\":{\"b\":1.50,\"a\":[null,\"\\u00e9\"]},\"_meta\":{}}";
        list(first, MONDAY, new Tool("z", JSON.readTree(definition)));
        assertThat(queries.handle(new FindTools(id, null, 0, 1)).items().get(0).definition())
                .hasToString(JSON.readTree(definition).toString());
    }

    @Test
    void followsChangesAndRemovals() {
        list(first, MONDAY, tool("a", "old"), tool("b", "stays"), tool("c", "goes"));
        projection.on(requested(second));
        ToolsSynced changes = synced(second, List.of(tool("d", "new")), List.of(tool("a", "changed")), List.of("c"), 3);
        projection.on(changes, TUESDAY);
        projection.on(changes, TUESDAY);

        assertThat(queries.handle(new FindTools(id, null, 0, 10)).items())
                .containsExactly(tool("a", "changed"), tool("b", "stays"), tool("d", "new"));
        assertThat(facts().tools()).isEqualTo(3);
        assertThat(facts().lastSyncedAt()).isEqualTo(TUESDAY);
        assertThat(jdbc.sql("select first_seen_at from toolsync.tool where catalog_id = ? and name = 'a'")
                        .param(id.toString())
                        .query(Instant.class)
                        .single())
                .isEqualTo(MONDAY);
    }

    @Test
    void showsTroubleUntilAListingSucceeds() {
        list(first, MONDAY, tool("a", "old"));
        projection.on(requested(second));
        projection.on(new SyncFailed(id, second, new Failure(FailureCode.MCP_UNREACHABLE, "down")));
        assertThat(facts().trouble()).isEqualTo("CLV-201");
        assertThat(facts().troubleDetail()).isEqualTo("down");
        assertThat(facts().lastSyncedAt()).isEqualTo(MONDAY);
        assertThat(facts().tools()).isEqualTo(1);

        projection.on(synced(second, List.of(), List.of(), List.of(), 1), TUESDAY);
        assertThat(facts())
                .isEqualTo(new CatalogFacts(
                        id,
                        1,
                        TUESDAY,
                        "2025-11-25",
                        "acme",
                        null,
                        null,
                        null,
                        false,
                        "legacy",
                        "streamable-http",
                        List.of(),
                        null));
    }

    @Test
    void showsHowTheServerSpeaksAndWhatItListsInVain() {
        CatalogRows rows = new CatalogRows(jdbc, JSON);
        List<DroppedTool> dropped = List.of(new DroppedTool("odd", "Its x-mcp-header is empty."));
        assertThat(rows.knownWay(id)).isNull();

        projection.on(requested(first));
        projection.on(modern(first, dropped, Duration.ofMinutes(5)), MONDAY);
        assertThat(facts().era()).isEqualTo("modern");
        assertThat(facts().wire()).isEqualTo("http+sse");
        assertThat(facts().dropped()).isEqualTo(dropped);
        assertThat(facts().freshUntil()).isEqualTo(MONDAY.plusSeconds(300));
        assertThat(rows.knownWay(id)).isEqualTo(new KnownWay(Era.MODERN, Wire.HTTP_SSE));

        projection.on(modern(first, null, Duration.ofSeconds(Long.MAX_VALUE)), MONDAY);
        assertThat(facts().dropped()).isEqualTo(dropped);
        assertThat(facts().freshUntil()).isEqualTo(MONDAY.plus(Duration.ofDays(365)));

        projection.on(modern(first, List.of(), null), MONDAY);
        assertThat(facts().dropped()).isEmpty();
        assertThat(facts().freshUntil()).isNull();
    }

    private ToolsSynced modern(UUID syncId, List<DroppedTool> dropped, Duration freshFor) {
        return new ToolsSynced(
                id,
                syncId,
                "2026-07-28",
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                0,
                "modern",
                "http+sse",
                dropped,
                freshFor);
    }

    @Test
    void findsOneToolByItsName() {
        list(first, MONDAY, tool("a", "First"), tool("A/b?", "Hostile"));

        assertThat(queries.handle(new FindTool(id, "A/b?"))).contains(tool("A/b?", "Hostile"));
        assertThat(queries.handle(new FindTool(id, "b"))).isEmpty();
        assertThat(queries.handle(new FindTool(id, "a\0"))).isEmpty();
    }

    @Test
    void showsNoTroubleOfAListingThatWasOvertaken() {
        projection.on(requested(first));
        projection.on(requested(second));
        projection.on(synced(second, List.of(), List.of(), List.of(), 0), MONDAY);
        projection.on(new SyncFailed(id, first, new Failure(FailureCode.MCP_UNREACHABLE, "down")));
        assertThat(facts().trouble()).isNull();
    }

    @Test
    void showsThatAnEmptyListWaitsForAPerson() {
        list(first, MONDAY, tool("a", "stays"));
        projection.on(requested(second));
        projection.on(new EmptyListWithheld(id, second, 1));
        assertThat(facts().emptyListWithheld()).isTrue();
        assertThat(facts().trouble()).isEqualTo("CLV-206");
        assertThat(facts().tools()).isEqualTo(1);

        projection.on(synced(second, List.of(), List.of(), List.of("a"), 0), TUESDAY);
        assertThat(facts().emptyListWithheld()).isFalse();
        assertThat(names("")).isEmpty();
    }

    @Test
    void forgetsAClearedCatalogue() {
        list(first, MONDAY, tool("a", "gone"));
        projection.on(new CatalogCleared(id, "another URL", List.of("a")));
        projection.on(new CatalogCleared(id, "another URL", List.of("a")));
        assertThat(names("")).isEmpty();
        assertThat(queries.handle(new FindCatalogs(List.of(id))).items()).isEmpty();
    }

    @Test
    void answersNothingForNoCatalogue() {
        assertThat(queries.handle(new FindCatalogs(List.of())).items()).isEmpty();
        assertThat(queries.handle(new FindCatalogs(List.of(new ToolCatalogId(UUID.randomUUID()))))
                        .items())
                .isEmpty();
    }

    /** The event store keeps JSON as jsonb, which orders keys and respells numbers. */
    @Test
    void knowsADefinitionAgainAfterTheEventStore() {
        String definition =
                "{\"name\":\"z\",\"inputSchema\":{\"bb\":1.50,\"a\":1e2,\"c\":-0.0,\"d\":[1E-7,12345678901234567890]}}";
        String stored = jdbc.sql("select ?::jsonb::text")
                .param(definition)
                .query(String.class)
                .single();
        assertThat(stored).isNotEqualTo(definition);
        assertThat(DefinitionHash.of(JSON.readTree(stored))).isEqualTo(DefinitionHash.of(JSON.readTree(definition)));
    }

    private void list(UUID syncId, Instant at, Tool... tools) {
        projection.on(requested(syncId));
        projection.on(synced(syncId, List.of(tools), List.of(), List.of(), tools.length), at);
    }

    private CatalogFacts facts() {
        return queries.handle(new FindCatalogs(List.of(id))).items().get(0);
    }

    private List<String> names(String search) {
        return queries.handle(new FindTools(id, search, 0, 100)).items().stream()
                .map(Tool::name)
                .toList();
    }

    private SyncRequested requested(UUID syncId) {
        return new SyncRequested(id, syncId, "https://mcp.example/mcp", Map.of(), null, false);
    }

    private ToolsSynced synced(UUID syncId, List<Tool> added, List<Tool> changed, List<String> removed, int total) {
        return new ToolsSynced(
                id,
                syncId,
                "2025-11-25",
                "acme",
                null,
                added,
                changed,
                removed,
                total,
                "legacy",
                "streamable-http",
                null,
                null);
    }

    private static Tool tool(String name, String description) {
        return new Tool(
                name,
                JSON.readTree(
                        "{\"name\":\"%s\",\"description\":\"%s\",\"inputSchema\":{}}".formatted(name, description)));
    }
}
