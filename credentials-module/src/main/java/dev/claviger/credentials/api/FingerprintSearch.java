package dev.claviger.credentials.api;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds out which sealed secret a found token is, without keeping the token. */
public interface FingerprintSearch {

    /** Hashes the text and answers what has the same fingerprint. That somebody asked is recorded. */
    Found find(Secret leaked);

    /**
     * @param secrets live and destroyed ones, the newest first; empty: it was never sealed here
     * @param held the credentials that have it now, at most 1,000
     */
    record Found(String fingerprint, List<SealedSecret> secrets, List<Held> held) {}

    /**
     * A credential that refers to the secret while it is not destroyed.
     *
     * @param generation of the token set in force, from 1
     * @param inForce whether the secret is a part of that and may be handed out or renewed; false: the credential is
     *     revoked, and the provider may not have been told yet
     */
    record Held(CredentialId credentialId, long generation, boolean inForce) {}

    /** @param shreddedAt when it was destroyed; null: it is live */
    record SealedSecret(
            UUID secretId,
            SecretPurpose purpose,
            Instant sealedAt,
            @Nullable Instant shreddedAt) {}
}
