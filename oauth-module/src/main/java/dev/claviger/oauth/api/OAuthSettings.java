package dev.claviger.oauth.api;

import dev.claviger.credentials.api.SecretRef;
import org.jspecify.annotations.Nullable;

/**
 * What an admin entered by hand; every part may be absent. With both endpoints present discovery is skipped; with a
 * client id present registration is skipped.
 *
 * @param authorizationEndpoint RFC 6749 section 3.1
 * @param tokenEndpoint RFC 6749 section 3.2
 * @param clientSecret sealed under {@code CLIENT_SECRET}; null: a public client
 * @param scope space separated, RFC 6749 section 3.3; null: chosen by the MCP rules
 */
public record OAuthSettings(
        @Nullable String authorizationEndpoint,
        @Nullable String tokenEndpoint,
        @Nullable String clientId,
        @Nullable SecretRef clientSecret,
        @Nullable String scope) {

    /** Everything automatic. */
    public static final OAuthSettings AUTOMATIC = new OAuthSettings(null, null, null, null, null);

    public boolean skipsDiscovery() {
        return authorizationEndpoint != null && tokenEndpoint != null;
    }
}
