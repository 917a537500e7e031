package dev.claviger.toolsync.api;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.Identification;
import dev.claviger.toolsync.api.HealthQuery.Sight;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened to a tool catalogue. */
public sealed interface ToolCatalogEvent {

    ToolCatalogId catalogId();

    record SyncRequested(
            ToolCatalogId catalogId,
            UUID syncId,
            String serverUrl,
            Map<String, String> headers,
            @Nullable CredentialId credentialId,
            boolean credentialIfAsked)
            implements ToolCatalogEvent {}

    /**
     * The server's tools are known; a listing that changes nothing says so too.
     *
     * @param protocolVersion negotiated MCP revision, for example {@code 2025-11-25}
     * @param serverName {@code serverInfo.name}; untrusted text
     * @param added whole definitions of tools not known before
     * @param changed whole new definitions of tools whose definition differs
     * @param removed names of tools no longer listed
     * @param total number of tools now
     * @param era {@code modern} (2026-07-28 and later) or {@code legacy}; null: not recorded
     * @param wire {@code streamable-http} or {@code http+sse}; null: not recorded
     * @param dropped listed and not used, each with the reason; null: nothing new is known of them
     * @param freshFor how long the server calls the list fresh ({@code ttlMs}, MCP 2026-07-28, caching); null: it does not
     *     say
     */
    record ToolsSynced(
            ToolCatalogId catalogId,
            UUID syncId,
            String protocolVersion,
            @Nullable String serverName,
            @Nullable String serverVersion,
            List<Tool> added,
            List<Tool> changed,
            List<String> removed,
            int total,
            @Nullable String era,
            @Nullable String wire,
            @Nullable List<DroppedTool> dropped,
            @Nullable Duration freshFor)
            implements ToolCatalogEvent {}

    /** The listing failed; the tools known before stay. */
    record SyncFailed(ToolCatalogId catalogId, UUID syncId, Failure failure) implements ToolCatalogEvent {}

    /** The server listed no tools where there were some; they stay until a person accepts the empty list. */
    record EmptyListWithheld(ToolCatalogId catalogId, UUID syncId, int kept) implements ToolCatalogEvent {}

    /** Somebody wants to know whether the server takes a credential. */
    record AccessCheckRequested(
            ToolCatalogId catalogId,
            UUID checkId,
            String serverUrl,
            Map<String, String> headers,
            CredentialId credentialId)
            implements ToolCatalogEvent {}

    /** The server listed its tools to the credential. */
    record AccessConfirmed(ToolCatalogId catalogId, UUID checkId) implements ToolCatalogEvent {}

    /** The check came to no good end; what that means for the credential, the failure's code says. */
    record AccessCheckFailed(ToolCatalogId catalogId, UUID checkId, Failure failure) implements ToolCatalogEvent {}

    /** Somebody wants to know of a tool whose account a credential is. */
    record AccountAsked(
            ToolCatalogId catalogId,
            UUID askId,
            String tool,
            String serverUrl,
            Map<String, String> headers,
            CredentialId credentialId)
            implements ToolCatalogEvent {}

    /**
     * A tool was asked whose account a credential is. Holds personal data where it told.
     *
     * @param identification never silent: where the tool did not tell, it is doubted
     */
    record AccountTold(ToolCatalogId catalogId, UUID askId, String tool, Identification identification)
            implements ToolCatalogEvent {}

    /** Somebody wants to know whether the server refuses a credential that was revoked. */
    record RevokedProbeRequested(
            ToolCatalogId catalogId,
            UUID probeId,
            String serverUrl,
            Map<String, String> headers,
            CredentialId credentialId)
            implements ToolCatalogEvent {}

    /** @param detail what the server said to the revoked credential, sentences */
    record RevokedProbed(
            ToolCatalogId catalogId, UUID probeId, CredentialId credentialId, ProbeVerdict verdict, String detail)
            implements ToolCatalogEvent {}

    /** What became of a revoked credential at a server. */
    enum ProbeVerdict {
        /** The server does not take it any more. */
        REFUSED,
        /** The server still takes it. */
        ACCEPTED,
        /** The server lists its tools without any credential too. */
        LISTS_TO_ANYBODY,
        /** The server could not be asked, or answered with something else. */
        UNCLEAR,
        /** The secrets were gone before the server was asked. */
        NOT_ASKED
    }

    /**
     * Somebody tries a tool. The values of the arguments are nobody's business later, so only their names are kept.
     *
     * @param arguments names of the top-level arguments
     * @param credentialId shown to the server; null: none
     */
    record ToolCallRequested(
            ToolCatalogId catalogId,
            UUID callId,
            String tool,
            List<String> arguments,
            @Nullable CredentialId credentialId)
            implements ToolCatalogEvent {}

    /**
     * A call came to an end.
     *
     * @param outcome how it ended
     * @param failure for {@link CallOutcome#FAILED}; otherwise null
     * @param took time from the first request to the end
     */
    record ToolCallFinished(
            ToolCatalogId catalogId,
            UUID callId,
            String tool,
            CallOutcome outcome,
            @Nullable Failure failure,
            Duration took)
            implements ToolCatalogEvent {}

    /** How a call ended. */
    enum CallOutcome {
        /** The server answered with a result. */
        RESULT,
        /** The tool itself reported an error ({@code isError}). */
        TOOL_ERROR,
        /** The server wants input of a person first. */
        INPUT_REQUIRED,
        /** 401 or 403: another credential, or more scope, is wanted. */
        CHALLENGED,
        FAILED
    }

    /** The tools are forgotten. */
    record CatalogCleared(ToolCatalogId catalogId, String reason, List<String> removed) implements ToolCatalogEvent {}

    /**
     * It was found out what a listing proves at this server.
     *
     * @param headerName the header that carries the credential
     * @param withoutCredential what the server did without one
     * @param withWrong what it did with one that nobody gave out
     * @param proves whether a listing tells a good credential from a bad one
     */
    record ListingProbed(
            ToolCatalogId catalogId, String headerName, Sight withoutCredential, Sight withWrong, boolean proves)
            implements ToolCatalogEvent {}
}
