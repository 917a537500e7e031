package dev.claviger.credentials.vault;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.Secret;
import org.jspecify.annotations.Nullable;

/** Declared here, implemented by oauth, which knows how the grant was obtained. */
public interface TokenRefresher {

    /**
     * Makes exactly one token request (RFC 6749 section 6) with the profile of the grant: scope, {@code resource}, client
     * authentication. Never retries. Returns within the refresh time limit.
     *
     * @param refreshToken null: the grant is asked for again
     */
    RefreshOutcome refresh(CredentialId credentialId, @Nullable Secret refreshToken);
}
