package dev.claviger.oauth.api;

import dev.claviger.credentials.api.Failure;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

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
     */
    record StartAuthorization(
            @TargetAggregateIdentifier AuthorizationId authorizationId,
            String serverUrl,
            OAuthSettings settings,
            String boundTo,
            String returnTo)
            implements AuthorizationCommand {}

    /** Ends an authorization that has neither been granted nor failed; otherwise does nothing. */
    record AbandonAuthorization(@TargetAggregateIdentifier AuthorizationId authorizationId, Failure failure)
            implements AuthorizationCommand {}
}
