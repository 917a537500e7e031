package dev.claviger.credentials.api;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds out which sealed secret a found token is, without keeping the token. */
public interface FingerprintSearch {

    /** Hashes the text and answers what has the same fingerprint. That somebody asked is recorded. */
    Found find(Secret leaked);

    /** @param secrets live and destroyed ones, the newest first; empty: it was never sealed here */
    record Found(String fingerprint, List<SealedSecret> secrets) {}

    /** @param shreddedAt when it was destroyed; null: it is live */
    record SealedSecret(
            UUID secretId,
            SecretPurpose purpose,
            Instant sealedAt,
            @Nullable Instant shreddedAt) {}
}
