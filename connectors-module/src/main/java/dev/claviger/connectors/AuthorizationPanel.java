package dev.claviger.connectors;

import dev.claviger.oauth.api.AuthorizationQuery.AuthorizationFacts;
import dev.claviger.oauth.api.ClientOrigin;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a credential was obtained, in words.
 *
 * @param reason why the client was obtained so, a sentence
 * @param sent what was sent as resource or as audience
 * @param askedIssuer what the metadata was asked for, where a mismatch was accepted; then {@code issuer} is what it names
 * @param scopes each scope that was asked for, granted or wanted since; empty: there was none
 */
record AuthorizationPanel(
        @Nullable String found,
        @Nullable String issuer,
        @Nullable String askedIssuer,
        @Nullable String grant,
        @Nullable String client,
        @Nullable String clientId,
        @Nullable String reason,
        @Nullable String sent,
        boolean asAudience,
        List<ScopeLine> scopes,
        boolean anyScopes,
        boolean wanted) {

    /** @param grant of the settings, where they are still those of this authorization */
    static AuthorizationPanel of(AuthorizationFacts facts, @Nullable Grant grant) {
        List<ScopeLine> scopes = ScopeLine.of(facts.askedScope(), facts.grantedScope(), facts.challengedScope());
        ClientOrigin origin = facts.clientOrigin();
        String audience = facts.audience();
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
                facts.askedIssuer(),
                grant == null ? null : grant(grant),
                origin == null
                        ? null
                        : switch (origin) {
                            case PRE_REGISTERED -> "Entered by hand";
                            case METADATA_DOCUMENT -> "Our metadata document";
                            case REGISTERED -> "Registered for this connection";
                            case REUSED -> "Registered before";
                        },
                facts.clientId(),
                facts.clientReason(),
                audience == null ? facts.resource() : audience,
                audience != null,
                scopes,
                !scopes.isEmpty(),
                scopes.stream().anyMatch(line -> line.wanted() && !line.granted()));
    }

    private static String grant(Grant grant) {
        return switch (grant) {
            case AUTHORIZATION_CODE -> "A person consented";
            case CLIENT_CREDENTIALS -> "The client itself, without a person";
            case ENTERPRISE_MANAGED -> "Your identity provider vouched";
        };
    }
}
