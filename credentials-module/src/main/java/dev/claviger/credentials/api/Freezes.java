package dev.claviger.credentials.api;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether something is frozen now; read from the database, so that every node answers the same. */
public interface Freezes {

    /**
     * Why the credential may not be obtained, refreshed or handed out now; empty: it may.
     *
     * @param credentialId of a credential that is there or will be
     * @param issuer the authorization server it is from, byte for byte; null: none, or not known yet
     */
    Optional<String> reason(CredentialId credentialId, @Nullable String issuer);
}
