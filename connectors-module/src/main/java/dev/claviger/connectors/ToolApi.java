package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.toolsync.api.DroppedTool;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCatalogCommand.AcceptEmptyList;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.api.ToolCatalogQuery.CatalogFacts;
import dev.claviger.toolsync.api.ToolCatalogQuery.FindTool;
import dev.claviger.toolsync.api.ToolCatalogQuery.FindTools;
import dev.claviger.toolsync.api.ToolCatalogQuery.ToolPage;
import java.time.Instant;
import java.util.List;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Admin API: the tools of a connector. */
@RestController
@RequestMapping("/api/v1/connectors/{id}")
class ToolApi {

    /** Whole definitions, as the server sent them. */
    record Tools(List<JsonNode> items, int total) {}

    /**
     * How the list of tools stands.
     *
     * @param words what was done, in one sentence; null where nothing was
     * @param trouble failure code of the latest listing, if it failed
     * @param protocolVersion MCP revision agreed upon
     * @param era {@code modern}: stateless, MCP 2026-07-28 and later; {@code legacy}: with a handshake
     * @param wire {@code streamable-http} or {@code http+sse}
     * @param serverName untrusted text
     * @param dropped listed by the server and not used, each with the reason
     * @param freshUntil until when the server calls its list fresh; null: it does not say
     */
    record Catalog(
            @Nullable String words,
            int tools,
            @Nullable Instant lastSyncedAt,
            @Nullable String trouble,
            @Nullable String troubleDetail,
            boolean emptyListWithheld,
            @Nullable String protocolVersion,
            @Nullable String era,
            @Nullable String wire,
            @Nullable String serverName,
            @Nullable String serverVersion,
            List<DroppedTool> dropped,
            @Nullable Instant freshUntil) {}

    private static final int PAGE = 100;

    private final Answers answers;
    private final Listing listing;
    private final CommandGateway commands;

    ToolApi(Answers answers, Listing listing, CommandGateway commands) {
        this.answers = answers;
        this.listing = listing;
        this.commands = commands;
    }

    @GetMapping("/tools")
    Tools tools(
            @PathVariable String id,
            @RequestParam @Nullable String search,
            @RequestParam @Nullable Integer offset,
            @RequestParam @Nullable Integer limit) {
        ToolPage page = answers.one(
                new FindTools(
                        new ToolCatalogId(known(id).value()),
                        Pager.search(search),
                        Pager.offset(offset),
                        Pager.limit(limit, PAGE)),
                ToolPage.class);
        return new Tools(page.items().stream().map(Tool::definition).toList(), page.total());
    }

    /** The definition of one tool, as the server sent it. */
    @GetMapping("/tools/{name}")
    JsonNode tool(@PathVariable String id, @PathVariable String name) {
        return answers.need(new FindTool(new ToolCatalogId(known(id).value()), ToolAddress.name(name)), Tool.class)
                .definition();
    }

    @GetMapping("/catalog")
    Catalog catalog(@PathVariable String id) {
        return state(known(id), null);
    }

    @PostMapping("/sync")
    Catalog sync(@PathVariable String id) {
        ConnectorId connector = known(id);
        return state(connector, listing.sync(connector));
    }

    @PostMapping("/accept-empty")
    Catalog acceptEmpty(@PathVariable String id) {
        ConnectorId connector = known(id);
        commands.sendAndWait(new AcceptEmptyList(new ToolCatalogId(connector.value())));
        answers.until(() -> {
            CatalogFacts facts = listing.facts(connector);
            return facts == null || !facts.emptyListWithheld();
        });
        return state(connector, "The empty list is accepted.");
    }

    private Catalog state(ConnectorId connector, @Nullable String words) {
        CatalogFacts facts = listing.facts(connector);
        return facts == null
                ? new Catalog(words, 0, null, null, null, false, null, null, null, null, null, List.of(), null)
                : new Catalog(
                        words,
                        facts.tools(),
                        facts.lastSyncedAt(),
                        facts.trouble(),
                        facts.troubleDetail(),
                        facts.emptyListWithheld(),
                        facts.protocolVersion(),
                        facts.era(),
                        facts.wire(),
                        facts.serverName(),
                        facts.serverVersion(),
                        facts.dropped(),
                        facts.freshUntil());
    }

    private ConnectorId known(String id) {
        return answers.need(new FindConnector(Ids.connector(id)), ConnectorDetail.class)
                .row()
                .connectorId();
    }
}
