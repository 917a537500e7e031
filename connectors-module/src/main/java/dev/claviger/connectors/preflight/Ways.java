package dev.claviger.connectors.preflight;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.oauth.api.AuthorizationPreflight;
import dev.claviger.oauth.api.DiscoverySource;
import dev.claviger.toolsync.api.TransportPreflight;
import java.util.List;
import java.util.Objects;

/** How a connector for a server would authorize itself. */
enum Ways {
    OAUTH,
    /** A token or a key that somebody got from the provider. */
    KEY,
    NOTHING;

    private static final String USUAL_KEY = "bearer";

    static Ways of(
            TransportPreflight.Seen transport, AuthorizationPreflight.Seen seen, List<Providers.Provider> known) {
        if (known.stream().anyMatch(provider -> provider.auth() != null)) {
            return KEY;
        }
        boolean open = transport.access() == TransportPreflight.Access.LISTS_FOR_EVERYBODY;
        AuthorizationPreflight.Server server = seen.server();
        if (server != null) {
            if (server.source() == DiscoverySource.DEFAULT_ENDPOINTS) {
                return KEY;
            }
            return seen.resource() == null && open ? NOTHING : OAUTH;
        }
        Failure failure = seen.failure();
        boolean nobody = failure == null || failure.code() == FailureCode.NO_AUTHORIZATION_SERVER;
        if (nobody && seen.resource() == null || isOfANeighbour(seen)) {
            return open ? NOTHING : KEY;
        }
        return open && seen.resource() == null ? NOTHING : OAUTH;
    }

    /** Metadata that the server does not name, and that is about another server on the same host. */
    private static boolean isOfANeighbour(AuthorizationPreflight.Seen seen) {
        AuthorizationPreflight.Resource resource = seen.resource();
        AuthorizationPreflight.Challenge challenge = seen.challenge();
        return resource != null
                && resource.match() == AuthorizationPreflight.Resource.Match.MISMATCH
                && (challenge == null || challenge.resourceMetadata() == null);
    }

    /** As the form of a connector has it. */
    String authType(List<Providers.Provider> known) {
        return switch (this) {
            case OAUTH -> "oauth";
            case NOTHING -> "none";
            case KEY ->
                known.stream()
                        .map(Providers.Provider::auth)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(USUAL_KEY);
        };
    }
}
