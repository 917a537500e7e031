package dev.claviger.oauth.api;

import dev.claviger.credentials.api.Failure;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What may be asked of an authorization from outside. Outcomes that only this module may record stand in the module. */
public sealed interface AuthorizationCommand {

    AuthorizationId authorizationId();

    /**
     * Begins: discovery, registration, then consent. Repeating it does nothing.
     *
     * @param serverUrl the MCP server's URL as the admin typed it
     * @param boundTo keyed hash of what the person who began can show again: a browser session or an API token. The
     *     authorization response is accepted from nobody else
     * @param returnTo path on our own host where the browser goes after the authorization response, beginning with a
     *     single slash
     * @param previous the authorization that the connector was connected with before; its issuer is the one expected, and
     *     its scopes are asked for again where {@code challengedScope} wants more. Null: the first
     * @param challengedScope what a server wanted beyond what was granted (RFC 6750 section 3.1); null: no step-up
     */
    record StartAuthorization(
            @TargetAggregateIdentifier AuthorizationId authorizationId,
            String serverUrl,
            OAuthSettings settings,
            String boundTo,
            String returnTo,
            @Nullable AuthorizationId previous,
            @Nullable String challengedScope)
            implements AuthorizationCommand {}

    /**
     * Goes on although the server moved to this issuer, or with an entered client that was shown to no issuer yet. Only while
     * that is asked; another issuer than the one asked about is refused.
     */
    record ApproveIssuer(@TargetAggregateIdentifier AuthorizationId authorizationId, String issuer)
            implements AuthorizationCommand {}

    /** Records that an operation was refused for want of scope. */
    record RecordScopeChallenge(
            @TargetAggregateIdentifier AuthorizationId authorizationId, String operation, String scope)
            implements AuthorizationCommand {}

    /** Ends an authorization that has neither been granted nor failed; otherwise does nothing. */
    record AbandonAuthorization(@TargetAggregateIdentifier AuthorizationId authorizationId, Failure failure)
            implements AuthorizationCommand {}
}
