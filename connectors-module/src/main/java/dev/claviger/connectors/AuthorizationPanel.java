package dev.claviger.connectors;

import dev.claviger.oauth.api.AuthorizationQuery.AuthorizationFacts;
import org.jspecify.annotations.Nullable;

/** How the credential of a connector was obtained, in words. */
record AuthorizationPanel(
        @Nullable String found,
        @Nullable String issuer,
        @Nullable String resource,
        @Nullable String client,
        @Nullable String clientId,
        @Nullable String asked,
        @Nullable String granted) {

    static AuthorizationPanel of(AuthorizationFacts facts) {
        return new AuthorizationPanel(
                facts.source() == null
                        ? null
                        : switch (facts.source()) {
                            case CHALLENGE -> "Named by the server's challenge";
                            case WELL_KNOWN -> "Found at the server's well-known address";
                            case SERVER_ORIGIN -> "Metadata on the server's own origin";
                            case DEFAULT_ENDPOINTS -> "Default endpoints on the server's own origin";
                            case MANUAL -> "Entered by hand";
                        },
                facts.issuer(),
                facts.resource(),
                facts.clientOrigin() == null
                        ? null
                        : Words.lower(facts.clientOrigin()).replace('_', ' '),
                facts.clientId(),
                facts.askedScope(),
                facts.grantedScope());
    }
}
