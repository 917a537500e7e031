package dev.claviger.demoprovider;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registered client.
 *
 * @param secret null: a public client
 * @param secretExpiresAt null: never
 * @param metadata what it registered, as it will be read back
 */
record Client(
        String id,
        @Nullable String secret,
        @Nullable Instant secretExpiresAt,
        String registrationToken,
        List<String> redirectUris,
        String authMethod,
        Map<String, Object> metadata) {

    boolean secretHasExpired() {
        return secretExpiresAt != null && secretExpiresAt.isBefore(Instant.now());
    }

    String name() {
        return String.valueOf(metadata.getOrDefault("client_name", id));
    }
}
