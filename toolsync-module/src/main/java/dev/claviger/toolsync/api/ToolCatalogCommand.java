package dev.claviger.toolsync.api;

import dev.claviger.credentials.api.CredentialId;
import java.util.Map;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What may be asked of a tool catalogue from outside. Outcomes that only this module may record stand in the module. */
public sealed interface ToolCatalogCommand {

    ToolCatalogId catalogId();

    /**
     * Lists the server's tools and records what changed. The same {@code syncId} twice does nothing.
     *
     * @param syncId names this listing; of a connection attempt its UUID
     * @param headers custom headers, without secrets
     * @param credentialId whose credential to list with; null: without one
     * @param credentialIfAsked list without the credential first and use it only when the server asks for
     *     one: 401, 403, or an answer that says the token is missing
     */
    record SyncTools(
            @TargetAggregateIdentifier ToolCatalogId catalogId,
            UUID syncId,
            String serverUrl,
            Map<String, String> headers,
            @Nullable CredentialId credentialId,
            boolean credentialIfAsked)
            implements ToolCatalogCommand {}

    /**
     * Asks whether the server takes a credential, by listing with it; the tools stay as they are. The same {@code checkId}
     * twice does nothing.
     *
     * @param checkId of a connection attempt its UUID
     */
    record CheckAccess(
            @TargetAggregateIdentifier ToolCatalogId catalogId,
            UUID checkId,
            String serverUrl,
            Map<String, String> headers,
            CredentialId credentialId)
            implements ToolCatalogCommand {}

    /**
     * Asks whether the server refuses a credential that was revoked, by listing with it once more. The same {@code probeId}
     * twice does nothing.
     */
    record ProbeRevoked(
            @TargetAggregateIdentifier ToolCatalogId catalogId,
            UUID probeId,
            String serverUrl,
            Map<String, String> headers,
            CredentialId credentialId)
            implements ToolCatalogCommand {}

    /**
     * Asks a tool whose account a credential is, by calling it without arguments. The same {@code askId} twice does nothing.
     * As with everything that only reads, the server may be asked more than once.
     *
     * @param askId of a connection attempt its UUID
     * @param tool the one that an admin chose for it, and no other
     */
    record AskAccount(
            @TargetAggregateIdentifier ToolCatalogId catalogId,
            UUID askId,
            String tool,
            String serverUrl,
            Map<String, String> headers,
            CredentialId credentialId)
            implements ToolCatalogCommand {}

    /** Lets the empty list that the last listing brought take effect. Refused when none is withheld. */
    record AcceptEmptyList(@TargetAggregateIdentifier ToolCatalogId catalogId) implements ToolCatalogCommand {}

    /** Forgets the tools, because the server behind the catalogue is another one now. Repeating it does nothing. */
    record ClearCatalog(@TargetAggregateIdentifier ToolCatalogId catalogId, String reason)
            implements ToolCatalogCommand {}
}
