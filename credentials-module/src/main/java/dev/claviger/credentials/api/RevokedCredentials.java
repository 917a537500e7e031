package dev.claviger.credentials.api;

import java.util.Optional;

/**
 * The one way to a credential after its end: to see whether a server still takes it. For toolsync's probe and nobody else;
 * {@code HouseRulesTest} keeps it so.
 */
public interface RevokedCredentials {

    /**
     * Answers the headers of a revoked credential whose secrets are not shredded yet, for one request. Written down as a
     * use before the answer. Must be called without an open transaction.
     *
     * @return empty when it is not revoked, or its secrets are gone
     */
    Optional<FreshCredential> forProbe(CredentialId credentialId);
}
