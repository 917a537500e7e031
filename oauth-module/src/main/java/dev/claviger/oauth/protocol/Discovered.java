package dev.claviger.oauth.protocol;

import dev.claviger.oauth.api.DiscoverySource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What discovery found.
 *
 * @param resource value for the {@code resource} parameter, byte for byte as published; null: send none
 * @param challengedScope {@code scope} of the 401 challenge
 * @param resourceScopes {@code scopes_supported} of the protected resource
 * @param authorizationServers all the issuers that the protected resource names, of which {@code server} is one; empty:
 *     it names none
 */
public record Discovered(
        DiscoverySource source,
        @Nullable String resource,
        AuthorizationServerMetadata server,
        @Nullable String challengedScope,
        List<String> resourceScopes,
        List<String> authorizationServers) {}
