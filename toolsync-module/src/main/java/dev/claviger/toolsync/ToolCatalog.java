package dev.claviger.toolsync;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.Failure;
import dev.claviger.toolsync.Calling.RecordToolCall;
import dev.claviger.toolsync.Calling.RequestToolCall;
import dev.claviger.toolsync.Listing.RecordAccess;
import dev.claviger.toolsync.Listing.RecordAccount;
import dev.claviger.toolsync.Listing.RecordProbe;
import dev.claviger.toolsync.Listing.RecordProof;
import dev.claviger.toolsync.Listing.RecordSyncFailure;
import dev.claviger.toolsync.Listing.RecordTools;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCatalogCommand.AcceptEmptyList;
import dev.claviger.toolsync.api.ToolCatalogCommand.AskAccount;
import dev.claviger.toolsync.api.ToolCatalogCommand.CheckAccess;
import dev.claviger.toolsync.api.ToolCatalogCommand.ClearCatalog;
import dev.claviger.toolsync.api.ToolCatalogCommand.ProbeRevoked;
import dev.claviger.toolsync.api.ToolCatalogCommand.SyncTools;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccessCheckFailed;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccessCheckRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccessConfirmed;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccountAsked;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccountTold;
import dev.claviger.toolsync.api.ToolCatalogEvent.CatalogCleared;
import dev.claviger.toolsync.api.ToolCatalogEvent.EmptyListWithheld;
import dev.claviger.toolsync.api.ToolCatalogEvent.ListingProbed;
import dev.claviger.toolsync.api.ToolCatalogEvent.RevokedProbeRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.RevokedProbed;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncFailed;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.ToolCallFinished;
import dev.claviger.toolsync.api.ToolCatalogEvent.ToolCallRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.ToolsSynced;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.api.ToolCatalogRejected;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.AggregateLifecycle;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** What one MCP server offers: says what a listing changed, and lets no empty list replace a full one unasked. */
@Aggregate(cache = "aggregateCache", snapshotTriggerDefinition = "snapshotTrigger")
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
class ToolCatalog {

    /** How many finished listings and checks, and how many calls, are remembered to know a repeated request; enough for every retry, not for ever. */
    private static final int REMEMBERED = 100;

    @AggregateIdentifier
    private @Nullable ToolCatalogId catalogId;

    /** Hash of the definition by name. */
    private Map<String, String> tools = new TreeMap<>();
    /** Running listings with the number of their start. */
    private Map<UUID, Long> running = new LinkedHashMap<>();

    private Set<UUID> checking = new LinkedHashSet<>();
    /** The tool of each question under way whose account a credential is. */
    private Map<UUID, String> asking = new LinkedHashMap<>();

    private List<UUID> told = new ArrayList<>();
    /** The revoked credential of each probe under way. */
    private Map<UUID, CredentialId> probing = new LinkedHashMap<>();
    /** The tool of each call under way. */
    private Map<UUID, String> calling = new LinkedHashMap<>();

    private List<UUID> called = new ArrayList<>();
    private List<UUID> finished = new ArrayList<>();
    private long started;
    /** The start of the listing whose tools are in force. */
    private long inForce;

    private @Nullable UUID withheld;
    private String protocolVersion = "";
    private @Nullable String serverName;
    private @Nullable String serverVersion;
    private @Nullable String era;
    private @Nullable String wire;

    ToolCatalog() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(SyncTools command) {
        if (running.containsKey(command.syncId()) || finished.contains(command.syncId())) {
            return;
        }
        AggregateLifecycle.apply(new SyncRequested(
                command.catalogId(),
                command.syncId(),
                command.serverUrl(),
                command.headers(),
                command.credentialId(),
                command.credentialIfAsked()));
    }

    @CommandHandler
    void handle(RecordTools command) {
        Long start = running.get(command.syncId());
        if (start == null) {
            return;
        }
        if (start < inForce) {
            // A listing begun later has already spoken. This one is told as done, for whoever waits for it.
            AggregateLifecycle.apply(unchanged(command.catalogId(), command.syncId(), List.of()));
        } else if (command.listing().tools().isEmpty() && !tools.isEmpty()) {
            AggregateLifecycle.apply(new EmptyListWithheld(command.catalogId(), command.syncId(), tools.size()));
        } else {
            AggregateLifecycle.apply(differences(command));
        }
    }

    @CommandHandler
    void handle(RecordSyncFailure command) {
        if (running.containsKey(command.syncId())) {
            AggregateLifecycle.apply(new SyncFailed(command.catalogId(), command.syncId(), command.failure()));
        }
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(CheckAccess command) {
        if (!checking.contains(command.checkId()) && !finished.contains(command.checkId())) {
            AggregateLifecycle.apply(new AccessCheckRequested(
                    command.catalogId(),
                    command.checkId(),
                    command.serverUrl(),
                    command.headers(),
                    command.credentialId()));
        }
    }

    @CommandHandler
    void handle(RecordAccess command) {
        if (checking.contains(command.checkId())) {
            Failure failure = command.failure();
            AggregateLifecycle.apply(
                    failure == null
                            ? new AccessConfirmed(command.catalogId(), command.checkId())
                            : new AccessCheckFailed(command.catalogId(), command.checkId(), failure));
        }
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(AskAccount command) {
        if (!asking.containsKey(command.askId()) && !told.contains(command.askId())) {
            AggregateLifecycle.apply(new AccountAsked(
                    command.catalogId(),
                    command.askId(),
                    command.tool(),
                    command.serverUrl(),
                    command.headers(),
                    command.credentialId()));
        }
    }

    @CommandHandler
    void handle(RecordAccount command) {
        String tool = asking.get(command.askId());
        if (tool != null) {
            AggregateLifecycle.apply(
                    new AccountTold(command.catalogId(), command.askId(), tool, command.identification()));
        }
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(ProbeRevoked command) {
        if (!probing.containsKey(command.probeId()) && !finished.contains(command.probeId())) {
            AggregateLifecycle.apply(new RevokedProbeRequested(
                    command.catalogId(),
                    command.probeId(),
                    command.serverUrl(),
                    command.headers(),
                    command.credentialId()));
        }
    }

    @CommandHandler
    void handle(RecordProbe command) {
        CredentialId credential = probing.get(command.probeId());
        if (credential != null) {
            AggregateLifecycle.apply(new RevokedProbed(
                    command.catalogId(), command.probeId(), credential, command.verdict(), command.detail()));
        }
    }

    @CommandHandler
    void handle(AcceptEmptyList command) {
        if (withheld == null) {
            throw new ToolCatalogRejected("There is no empty list to accept; list the tools again first.");
        }
        AggregateLifecycle.apply(unchanged(command.catalogId(), withheld, List.copyOf(tools.keySet())));
    }

    /** Of a catalogue that never was, too: a creating command must leave an event. */
    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(ClearCatalog command) {
        if (catalogId == null || !tools.isEmpty() || !running.isEmpty() || withheld != null) {
            AggregateLifecycle.apply(
                    new CatalogCleared(command.catalogId(), command.reason(), List.copyOf(tools.keySet())));
        }
    }

    /** As often as it is found out: when, says how old the knowledge is. */
    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(RecordProof command) {
        AggregateLifecycle.apply(new ListingProbed(
                command.catalogId(),
                command.headerName(),
                command.withoutCredential(),
                command.withWrong(),
                command.proves()));
    }

    @CommandHandler
    void handle(RequestToolCall command) {
        if (calling.containsKey(command.callId()) || called.contains(command.callId())) {
            throw new ToolCatalogRejected("This call was made before; what it did may not be done twice. Call anew.");
        }
        if (!tools.containsKey(command.tool())) {
            throw new ToolCatalogRejected("The server offers no such tool now; list its tools again.");
        }
        AggregateLifecycle.apply(new ToolCallRequested(
                command.catalogId(), command.callId(), command.tool(), command.arguments(), command.credentialId()));
    }

    @CommandHandler
    void handle(RecordToolCall command) {
        String tool = calling.get(command.callId());
        if (tool != null) {
            AggregateLifecycle.apply(new ToolCallFinished(
                    command.catalogId(), command.callId(), tool, command.outcome(), command.failure(), command.took()));
        }
    }

    private ToolsSynced differences(RecordTools command) {
        List<Tool> added = new ArrayList<>();
        List<Tool> changed = new ArrayList<>();
        List<String> removed = new ArrayList<>(tools.keySet());
        for (Tool tool : command.listing().tools()) {
            String known = tools.get(tool.name());
            removed.remove(tool.name());
            if (known == null) {
                added.add(tool);
            } else if (!known.equals(DefinitionHash.of(tool.definition()))) {
                changed.add(tool);
            }
        }
        return new ToolsSynced(
                command.catalogId(),
                command.syncId(),
                command.server().protocolVersion(),
                command.server().name(),
                command.server().version(),
                added,
                changed,
                removed,
                command.listing().tools().size(),
                Ways.word(command.server().era()),
                Ways.word(command.server().wire()),
                command.listing().dropped(),
                command.listing().ttl().isZero() ? null : command.listing().ttl());
    }

    /** The server is as it was known before; so are the tools, but for those removed. */
    private ToolsSynced unchanged(ToolCatalogId id, UUID syncId, List<String> removed) {
        return new ToolsSynced(
                id,
                syncId,
                protocolVersion,
                serverName,
                serverVersion,
                List.of(),
                List.of(),
                removed,
                tools.size() - removed.size(),
                era,
                wire,
                null,
                null);
    }

    @EventSourcingHandler
    void on(SyncRequested event) {
        catalogId = event.catalogId();
        running.put(event.syncId(), ++started);
    }

    @EventSourcingHandler
    void on(ToolsSynced event) {
        event.removed().forEach(tools::remove);
        event.added().forEach(tool -> tools.put(tool.name(), DefinitionHash.of(tool.definition())));
        event.changed().forEach(tool -> tools.put(tool.name(), DefinitionHash.of(tool.definition())));
        protocolVersion = event.protocolVersion();
        serverName = event.serverName();
        serverVersion = event.serverVersion();
        era = event.era();
        wire = event.wire();
        withheld = null;
        Long start = finish(event.syncId());
        inForce = start == null ? inForce : Math.max(inForce, start);
    }

    @EventSourcingHandler
    void on(EmptyListWithheld event) {
        finish(event.syncId());
        withheld = event.syncId();
    }

    @EventSourcingHandler
    void on(SyncFailed event) {
        finish(event.syncId());
    }

    @EventSourcingHandler
    void on(AccessCheckRequested event) {
        catalogId = event.catalogId();
        checking.add(event.checkId());
    }

    @EventSourcingHandler
    void on(AccessConfirmed event) {
        checked(event.checkId());
    }

    @EventSourcingHandler
    void on(AccessCheckFailed event) {
        checked(event.checkId());
    }

    @EventSourcingHandler
    void on(AccountAsked event) {
        catalogId = event.catalogId();
        asking.put(event.askId(), event.tool());
    }

    /** Apart from listings: of one attempt they have the same id. */
    @EventSourcingHandler
    void on(AccountTold event) {
        asking.remove(event.askId());
        remember(told, event.askId());
    }

    @EventSourcingHandler
    void on(RevokedProbeRequested event) {
        catalogId = event.catalogId();
        probing.put(event.probeId(), event.credentialId());
    }

    @EventSourcingHandler
    void on(RevokedProbed event) {
        probing.remove(event.probeId());
        remember(finished, event.probeId());
    }

    @EventSourcingHandler
    void on(ToolCallRequested event) {
        calling.put(event.callId(), event.tool());
    }

    @EventSourcingHandler
    void on(ToolCallFinished event) {
        calling.remove(event.callId());
        remember(called, event.callId());
    }

    @EventSourcingHandler
    void on(ListingProbed event) {
        catalogId = event.catalogId();
    }

    private void checked(UUID checkId) {
        checking.remove(checkId);
        remember(finished, checkId);
    }

    /** Listings still running asked the old server: what they bring is of no use any more. */
    @EventSourcingHandler
    void on(CatalogCleared event) {
        catalogId = event.catalogId();
        tools.clear();
        running.keySet().forEach(syncId -> remember(finished, syncId));
        running.clear();
        withheld = null;
    }

    /** Answers the number of its start; null when it was finished before. */
    private @Nullable Long finish(UUID syncId) {
        Long start = running.remove(syncId);
        if (start != null) {
            remember(finished, syncId);
        }
        return start;
    }

    private static void remember(List<UUID> ended, UUID id) {
        ended.add(id);
        if (ended.size() > REMEMBERED) {
            ended.remove(0);
        }
    }
}
