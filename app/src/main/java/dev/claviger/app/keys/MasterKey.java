package dev.claviger.app.keys;

import dev.claviger.credentials.api.KeyRotations;
import dev.claviger.credentials.api.MasterKeyStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A master key and what hangs on it, as the API tells it.
 *
 * @param id as it stands beside what the key wraps
 * @param reference where it comes from; no secret
 * @param current whether new secrets are sealed under it
 * @param configured whether this node was given it
 * @param usable whether this node can seal and open with it now
 * @param usableUntil how long it can, should its key management service fall silent; null: for ever, or not usable
 * @param trouble why its service did not answer the last time; null: it answered, or has no service
 * @param liveSecrets how many secrets that have not been shredded it wraps
 * @param wrapsFingerprintKey whether the key of the fingerprints needs it
 * @param needed whether anything in the database needs it
 */
record MasterKey(
        String id,
        String reference,
        boolean current,
        boolean configured,
        boolean usable,
        @Nullable Instant usableUntil,
        @Nullable String trouble,
        long liveSecrets,
        boolean wrapsFingerprintKey,
        boolean needed) {

    static List<MasterKey> all(MasterKeyStatus status, KeyRotations rotations) {
        String ofFingerprints = rotations.wrapsFingerprintKey();
        return status.keys().stream().map(key -> of(key, ofFingerprints)).toList();
    }

    private static MasterKey of(MasterKeyStatus.Key key, String ofFingerprints) {
        boolean wrapsFingerprintKey = key.id().equals(ofFingerprints);
        return new MasterKey(
                key.id(),
                key.reference(),
                key.current(),
                key.configured(),
                key.usable(),
                key.usableUntil(),
                key.trouble(),
                key.liveSecrets(),
                wrapsFingerprintKey,
                key.current() || wrapsFingerprintKey || key.liveSecrets() > 0);
    }
}
