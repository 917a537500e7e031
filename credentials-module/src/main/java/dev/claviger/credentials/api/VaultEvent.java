package dev.claviger.credentials.api;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened to sealed secrets as such, whatever they belonged to. */
public sealed interface VaultEvent {

    /** Sealed secrets to which nothing referred any more were destroyed. */
    record OrphansShredded(List<Orphan> orphans) implements VaultEvent {}

    /** @param sealedAt when it was taken in */
    record Orphan(UUID secretId, SecretPurpose purpose, String fingerprint, Instant sealedAt) {}

    /**
     * One sealed secret was destroyed; its fingerprint stays. Told where no other event tells it.
     *
     * @param why the rest of a sentence that begins with “because”
     * @param askedBy who wanted it, as an actor such as {@code person:ada}; null: whoever the event names
     */
    record SecretShredded(
            UUID secretId,
            SecretPurpose purpose,
            String fingerprint,
            String why,
            @Nullable String askedBy) implements VaultEvent {}

    /**
     * Somebody asked which credential a found token is. The token itself is nowhere.
     *
     * @param fingerprint of what was asked for
     * @param found how many sealed or destroyed secrets have it
     */
    record FingerprintSearched(String fingerprint, int found) implements VaultEvent {}
}
