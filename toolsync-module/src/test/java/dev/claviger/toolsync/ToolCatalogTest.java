package dev.claviger.toolsync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Identification;
import dev.claviger.toolsync.Calling.RecordToolCall;
import dev.claviger.toolsync.Calling.RequestToolCall;
import dev.claviger.toolsync.Listing.RecordAccess;
import dev.claviger.toolsync.Listing.RecordAccount;
import dev.claviger.toolsync.Listing.RecordSyncFailure;
import dev.claviger.toolsync.Listing.RecordTools;
import dev.claviger.toolsync.api.DroppedTool;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCatalogCommand.AcceptEmptyList;
import dev.claviger.toolsync.api.ToolCatalogCommand.AskAccount;
import dev.claviger.toolsync.api.ToolCatalogCommand.CheckAccess;
import dev.claviger.toolsync.api.ToolCatalogCommand.ClearCatalog;
import dev.claviger.toolsync.api.ToolCatalogCommand.SyncTools;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccessCheckFailed;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccessCheckRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccessConfirmed;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccountAsked;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccountTold;
import dev.claviger.toolsync.api.ToolCatalogEvent.CallOutcome;
import dev.claviger.toolsync.api.ToolCatalogEvent.CatalogCleared;
import dev.claviger.toolsync.api.ToolCatalogEvent.EmptyListWithheld;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncFailed;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.ToolCallFinished;
import dev.claviger.toolsync.api.ToolCatalogEvent.ToolCallRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.ToolsSynced;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.api.ToolCatalogRejected;
import dev.claviger.toolsync.protocol.Era;
import dev.claviger.toolsync.protocol.ServerInfo;
import dev.claviger.toolsync.protocol.ToolListing;
import dev.claviger.toolsync.protocol.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ToolCatalogTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final ToolCatalogId ID = new ToolCatalogId(UUID.randomUUID());
    private static final CredentialId CREDENTIAL = new CredentialId(UUID.randomUUID());
    private static final UUID FIRST = UUID.randomUUID();
    private static final UUID SECOND = UUID.randomUUID();
    private static final ServerInfo SERVER =
            new ServerInfo("2025-11-25", "acme", "1.0", true, Era.LEGACY, Wire.STREAMABLE_HTTP);
    private static final Failure DOWN = new Failure(FailureCode.MCP_UNREACHABLE, "down");

    private final AggregateTestFixture<ToolCatalog> fixture = new AggregateTestFixture<>(ToolCatalog.class);

    @Test
    void asksOnceWhoseAccountACredentialIs() {
        AskAccount ask = new AskAccount(ID, FIRST, "whoami", "https://mcp.example/mcp", Map.of(), CREDENTIAL);
        AccountAsked asked = new AccountAsked(ID, FIRST, "whoami", "https://mcp.example/mcp", Map.of(), CREDENTIAL);
        AccountTold told = new AccountTold(ID, FIRST, "whoami", Identification.doubted("It does not say."));
        RecordAccount record = new RecordAccount(ID, FIRST, told.identification());
        fixture.givenNoPriorActivity().when(ask).expectEvents(asked);
        fixture.given(asked).when(ask).expectNoEvents();
        fixture.given(asked).when(record).expectEvents(told);
        fixture.given(asked, told).when(record).expectNoEvents();
        fixture.given(asked, told).when(ask).expectNoEvents();
    }

    /** Of one attempt the listing and the question have the same id. */
    @Test
    void asksAlsoAfterAListingOfTheSameAttempt() {
        fixture.given(
                        new SyncRequested(ID, FIRST, "https://mcp.example/mcp", Map.of(), CREDENTIAL, false),
                        new SyncFailed(ID, FIRST, DOWN))
                .when(new AskAccount(ID, FIRST, "whoami", "https://mcp.example/mcp", Map.of(), CREDENTIAL))
                .expectEvents(new AccountAsked(ID, FIRST, "whoami", "https://mcp.example/mcp", Map.of(), CREDENTIAL));
    }

    @Test
    void asksForAListing() {
        fixture.givenNoPriorActivity()
                .when(new SyncTools(ID, FIRST, "https://mcp.example/mcp", Map.of("X-Team", "blue"), CREDENTIAL, true))
                .expectEvents(new SyncRequested(
                        ID, FIRST, "https://mcp.example/mcp", Map.of("X-Team", "blue"), CREDENTIAL, true));
    }

    @Test
    void asksOnceForTheSameListing() {
        fixture.given(requested(FIRST)).when(sync(FIRST)).expectNoEvents();
        fixture.given(requested(FIRST), synced(FIRST, List.of(tool("a", 1)), List.of(), List.of(), 1))
                .when(sync(FIRST))
                .expectNoEvents();
        fixture.given(requested(FIRST), new SyncFailed(ID, FIRST, DOWN))
                .when(sync(FIRST))
                .expectNoEvents();
        fixture.given(requested(FIRST)).when(sync(SECOND)).expectEvents(requested(SECOND));
    }

    @Test
    void checksACredentialOnceAndLeavesTheToolsAlone() {
        AccessCheckRequested requested =
                new AccessCheckRequested(ID, SECOND, "https://mcp.example/mcp", Map.of(), CREDENTIAL);
        CheckAccess check = new CheckAccess(ID, SECOND, "https://mcp.example/mcp", Map.of(), CREDENTIAL);
        AccessConfirmed confirmed = new AccessConfirmed(ID, SECOND);

        fixture.givenNoPriorActivity().when(check).expectEvents(requested);
        fixture.given(requested).when(check).expectNoEvents();
        fixture.given(requested).when(new RecordAccess(ID, SECOND, null)).expectEvents(confirmed);
        fixture.given(requested)
                .when(new RecordAccess(ID, SECOND, DOWN))
                .expectEvents(new AccessCheckFailed(ID, SECOND, DOWN));
        fixture.given(requested, confirmed)
                .when(new RecordAccess(ID, SECOND, DOWN))
                .expectNoEvents();
        fixture.given(requested, confirmed).when(check).expectNoEvents();
        fixture.given(requested(FIRST)).when(new RecordAccess(ID, SECOND, null)).expectNoEvents();
    }

    @Test
    void saysWhatIsThereAtFirst() {
        fixture.given(requested(FIRST))
                .when(record(FIRST, tool("b", 1), tool("a", 1)))
                .expectEvents(synced(FIRST, List.of(tool("b", 1), tool("a", 1)), List.of(), List.of(), 2));
    }

    @Test
    void acceptsAnEmptyListWhereThereWasNothing() {
        fixture.given(requested(FIRST))
                .when(record(FIRST))
                .expectEvents(synced(FIRST, List.of(), List.of(), List.of(), 0));
    }

    @Test
    void saysWhatWasAddedChangedAndRemoved() {
        fixture.given(
                        requested(FIRST),
                        synced(FIRST, List.of(tool("a", 1), tool("b", 1), tool("c", 1)), List.of(), List.of(), 3),
                        requested(SECOND))
                .when(record(SECOND, tool("d", 1), tool("b", 2), tool("a", 1)))
                .expectEvents(synced(SECOND, List.of(tool("d", 1)), List.of(tool("b", 2)), List.of("c"), 3));
    }

    @Test
    void saysSoWhenNothingChanged() {
        Tool reordered = new Tool("a", JSON.readTree("{\"inputSchema\":{\"maximum\":1.0},\"name\":\"a\"}"));
        fixture.given(
                        requested(FIRST),
                        synced(FIRST, List.of(tool("a", 1)), List.of(), List.of(), 1),
                        requested(SECOND))
                .when(record(SECOND, reordered))
                .expectEvents(synced(SECOND, List.of(), List.of(), List.of(), 1));
    }

    @Test
    void recordsAnOutcomeOnce() {
        fixture.given(requested(FIRST), synced(FIRST, List.of(tool("a", 1)), List.of(), List.of(), 1))
                .when(record(FIRST, tool("b", 1)))
                .expectNoEvents();
        fixture.given(requested(FIRST), new SyncFailed(ID, FIRST, DOWN))
                .when(record(FIRST, tool("b", 1)))
                .expectNoEvents();
        fixture.given(requested(FIRST), new SyncFailed(ID, FIRST, DOWN))
                .when(new RecordSyncFailure(ID, FIRST, DOWN))
                .expectNoEvents();
        fixture.given(requested(FIRST)).when(record(SECOND, tool("b", 1))).expectNoEvents();
    }

    @Test
    void keepsTheToolsWhenAListingFails() {
        fixture.given(
                        requested(FIRST),
                        synced(FIRST, List.of(tool("a", 1)), List.of(), List.of(), 1),
                        requested(SECOND))
                .when(new RecordSyncFailure(ID, SECOND, DOWN))
                .expectEvents(new SyncFailed(ID, SECOND, DOWN));
    }

    @Test
    void letsTheLaterListingWinWhicheverEndsFirst() {
        fixture.given(
                        requested(FIRST),
                        requested(SECOND),
                        synced(SECOND, List.of(tool("new", 1)), List.of(), List.of(), 1))
                .when(record(FIRST, tool("old", 1)))
                .expectEvents(unchanged(FIRST, List.of(), 1));
        fixture.given(
                        requested(FIRST),
                        requested(SECOND),
                        synced(FIRST, List.of(tool("old", 1)), List.of(), List.of(), 1))
                .when(record(SECOND, tool("new", 1)))
                .expectEvents(synced(SECOND, List.of(tool("new", 1)), List.of(), List.of("old"), 1));
    }

    @Test
    void letsAnOlderListingStandInForALaterThatFailed() {
        fixture.given(requested(FIRST), requested(SECOND), new SyncFailed(ID, SECOND, DOWN))
                .when(record(FIRST, tool("a", 1)))
                .expectEvents(synced(FIRST, List.of(tool("a", 1)), List.of(), List.of(), 1));
    }

    @Test
    void withholdsAnEmptyListWhereThereWereTools() {
        fixture.given(
                        requested(FIRST),
                        synced(FIRST, List.of(tool("a", 1)), List.of(), List.of(), 1),
                        requested(SECOND))
                .when(record(SECOND))
                .expectEvents(new EmptyListWithheld(ID, SECOND, 1));
    }

    @Test
    void forgetsTheToolsWhenAPersonAcceptsTheEmptyList() {
        fixture.given(withheld()).when(new AcceptEmptyList(ID)).expectEvents(unchanged(SECOND, List.of("a"), 0));
    }

    @Test
    void refusesToAcceptAnEmptyListThatIsNotThere() {
        fixture.given(requested(FIRST), synced(FIRST, List.of(tool("a", 1)), List.of(), List.of(), 1))
                .when(new AcceptEmptyList(ID))
                .expectException(ToolCatalogRejected.class);
        fixture.given(withheld())
                .andGivenCommands(new AcceptEmptyList(ID))
                .when(new AcceptEmptyList(ID))
                .expectException(ToolCatalogRejected.class);
    }

    @Test
    void dropsTheWithheldListWhenToolsComeBack() {
        UUID third = UUID.randomUUID();
        fixture.given(withheld())
                .andGivenCommands(sync(third), record(third, tool("a", 1)))
                .when(new AcceptEmptyList(ID))
                .expectException(ToolCatalogRejected.class);
    }

    @Test
    void forgetsEverythingWhenTheServerIsAnotherOne() {
        fixture.given(
                        requested(FIRST),
                        synced(FIRST, List.of(tool("a", 1)), List.of(), List.of(), 1),
                        requested(SECOND))
                .when(new ClearCatalog(ID, "The URL was changed"))
                .expectEvents(new CatalogCleared(ID, "The URL was changed", List.of("a")));
        fixture.given(requested(FIRST), new CatalogCleared(ID, "", List.of()))
                .when(record(FIRST, tool("a", 1)))
                .expectNoEvents();
    }

    @Test
    void clearsOnce() {
        fixture.given(requested(FIRST), new CatalogCleared(ID, "", List.of()))
                .when(new ClearCatalog(ID, ""))
                .expectNoEvents();
        fixture.givenNoPriorActivity()
                .when(new ClearCatalog(ID, "gone"))
                .expectEvents(new CatalogCleared(ID, "gone", List.of()));
        fixture.given(new CatalogCleared(ID, "gone", List.of()))
                .when(new ClearCatalog(ID, "gone"))
                .expectNoEvents();
    }

    @Test
    void remembersHowTheServerSpeaksAndWhatItListsInVain() {
        ServerInfo modern = new ServerInfo("2026-07-28", "acme", "1.0", true, Era.MODERN, Wire.STREAMABLE_HTTP);
        List<DroppedTool> dropped = List.of(new DroppedTool("odd", "Its x-mcp-header is empty."));
        fixture.given(requested(FIRST))
                .when(new RecordTools(
                        ID, FIRST, modern, new ToolListing(List.of(), dropped, Duration.ofMinutes(5), true)))
                .expectEvents(new ToolsSynced(
                        ID,
                        FIRST,
                        "2026-07-28",
                        "acme",
                        "1.0",
                        List.of(),
                        List.of(),
                        List.of(),
                        0,
                        "modern",
                        "streamable-http",
                        dropped,
                        Duration.ofMinutes(5)));
    }

    @Test
    void callsAToolOnceAndRecordsOneEnd() {
        RequestToolCall request = new RequestToolCall(ID, SECOND, "a", List.of("x"), CREDENTIAL);
        ToolCallRequested requested = new ToolCallRequested(ID, SECOND, "a", List.of("x"), CREDENTIAL);
        RecordToolCall record = new RecordToolCall(ID, SECOND, CallOutcome.RESULT, null, Duration.ofMillis(7));
        ToolCallFinished finished =
                new ToolCallFinished(ID, SECOND, "a", CallOutcome.RESULT, null, Duration.ofMillis(7));

        fixture.given(listed()).when(request).expectEvents(requested);
        fixture.given(listed()).andGiven(requested).when(request).expectException(ToolCatalogRejected.class);
        fixture.given(listed()).andGiven(requested).when(record).expectEvents(finished);
        fixture.given(listed()).andGiven(requested, finished).when(record).expectNoEvents();
        fixture.given(listed()).andGiven(requested, finished).when(request).expectException(ToolCatalogRejected.class);
        fixture.given(listed()).when(record).expectNoEvents();
    }

    @Test
    void callsNoToolThatIsNotListed() {
        RequestToolCall request = new RequestToolCall(ID, SECOND, "b", List.of(), null);
        fixture.given(listed()).when(request).expectException(ToolCatalogRejected.class);
        fixture.given(listed())
                .andGiven(new CatalogCleared(ID, "", List.of("a")))
                .when(new RequestToolCall(ID, SECOND, "a", List.of(), null))
                .expectException(ToolCatalogRejected.class);
    }

    @Test
    void recordsTheEndOfACallWhoseToolIsGoneMeanwhile() {
        fixture.given(listed())
                .andGiven(
                        new ToolCallRequested(ID, SECOND, "a", List.of(), null),
                        new CatalogCleared(ID, "", List.of("a")))
                .when(new RecordToolCall(ID, SECOND, CallOutcome.FAILED, DOWN, Duration.ZERO))
                .expectEvents(new ToolCallFinished(ID, SECOND, "a", CallOutcome.FAILED, DOWN, Duration.ZERO));
    }

    private static List<Object> listed() {
        return List.of(requested(FIRST), synced(FIRST, List.of(tool("a", 1)), List.of(), List.of(), 1));
    }

    @Test
    void survivesASnapshot() {
        ToolCatalog catalog = new ToolCatalog();
        catalog.on(requested(FIRST));
        catalog.on(synced(FIRST, List.of(tool("a", 1)), List.of(), List.of(), 1));
        catalog.on(requested(SECOND));
        catalog.on(new EmptyListWithheld(ID, SECOND, 1));
        catalog.on(new ToolCallRequested(ID, SECOND, "a", List.of(), null));
        catalog.on(new ToolCallRequested(ID, FIRST, "a", List.of(), null));
        catalog.on(new ToolCallFinished(ID, FIRST, "a", CallOutcome.RESULT, null, Duration.ZERO));
        String snapshot = JSON.writeValueAsString(catalog);
        assertThat(JSON.writeValueAsString(JSON.readValue(snapshot, ToolCatalog.class)))
                .isEqualTo(snapshot)
                .contains(ID.toString(), SECOND.toString());
    }

    private static List<Object> withheld() {
        return List.of(
                requested(FIRST),
                synced(FIRST, List.of(tool("a", 1)), List.of(), List.of(), 1),
                requested(SECOND),
                new EmptyListWithheld(ID, SECOND, 1));
    }

    private static SyncTools sync(UUID syncId) {
        return new SyncTools(ID, syncId, "https://mcp.example/mcp", Map.of(), null, false);
    }

    private static SyncRequested requested(UUID syncId) {
        return new SyncRequested(ID, syncId, "https://mcp.example/mcp", Map.of(), null, false);
    }

    private static RecordTools record(UUID syncId, Tool... tools) {
        return new RecordTools(ID, syncId, SERVER, new ToolListing(List.of(tools), List.of(), Duration.ZERO, true));
    }

    private static ToolsSynced synced(
            UUID syncId, List<Tool> added, List<Tool> changed, List<String> removed, int total) {
        return new ToolsSynced(
                ID,
                syncId,
                "2025-11-25",
                "acme",
                "1.0",
                added,
                changed,
                removed,
                total,
                "legacy",
                "streamable-http",
                List.of(),
                null);
    }

    /** Nothing new is known of the server, nor of what it lists in vain. */
    private static ToolsSynced unchanged(UUID syncId, List<String> removed, int total) {
        return new ToolsSynced(
                ID,
                syncId,
                "2025-11-25",
                "acme",
                "1.0",
                List.of(),
                List.of(),
                removed,
                total,
                "legacy",
                "streamable-http",
                null,
                null);
    }

    private static Tool tool(String name, int maximum) {
        return new Tool(
                name, JSON.readTree("{\"name\":\"%s\",\"inputSchema\":{\"maximum\":%d}}".formatted(name, maximum)));
    }
}
