package dev.claviger.oauth;

import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistered;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One of our clients, in force or of the past.
 *
 * @param client as it stands now
 * @param retiredBecause a sentence; null: it is in force
 * @param answer of the authorization server when it was last asked, in words; null: it never was
 */
record ClientRow(
        ClientRegistered client,
        ClientState state,
        Instant registeredAt,
        @Nullable String retiredBecause,
        @Nullable String answer,
        @Nullable Instant answeredAt) {

    /** Whether there is anything with which it can be asked about. */
    boolean manageable() {
        return client.registrationAccessToken() != null && client.registrationClientUri() != null;
    }
}
