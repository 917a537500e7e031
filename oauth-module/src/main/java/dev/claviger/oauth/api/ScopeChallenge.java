package dev.claviger.oauth.api;

import dev.claviger.oauth.protocol.WwwAuthenticate;
import java.util.List;
import java.util.Optional;

/**
 * What a resource server says it wants when a token does not suffice (RFC 6750 section 3.1, {@code insufficient_scope}).
 *
 * @param scope space separated, only characters that a scope may have
 */
public record ScopeChallenge(String scope) {

    /**
     * Empty where none of the challenges says {@code insufficient_scope} with a usable scope.
     *
     * @param challenges the {@code WWW-Authenticate} values as received
     */
    public static Optional<ScopeChallenge> of(List<String> challenges) {
        return WwwAuthenticate.insufficientScope(challenges).map(ScopeChallenge::new);
    }
}
