package dev.claviger.connectors;

import dev.claviger.connectors.Words.Badge;
import dev.claviger.credentials.api.CredentialQuery.CredentialFacts;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A credential on a page, without its secret. */
record CredentialPanel(
        UUID uuid,
        Badge state,
        String fingerprint,
        long generation,
        boolean refreshable,
        boolean diesUnlessReconnected,
        @Nullable Moment issued,
        @Nullable Moment refreshed,
        @Nullable Moment expires,
        @Nullable Moment lastUsed,
        @Nullable String scope,
        @Nullable String issuer,
        @Nullable String trouble) {

    static CredentialPanel of(CredentialFacts facts, Instant now) {
        return new CredentialPanel(
                facts.credentialId().value(),
                switch (facts.state()) {
                    case ACTIVE -> new Badge("ok", "Active");
                    case NEEDS_CONSENT -> new Badge("bad", "Reconnect needed");
                    case REVOKED -> new Badge("muted", "Revoked");
                },
                facts.fingerprint(),
                facts.generation(),
                facts.refreshable(),
                !facts.refreshable() && facts.expiresAt() != null,
                Moment.of(facts.issuedAt(), now),
                Moment.of(facts.refreshedAt(), now),
                Moment.of(facts.expiresAt(), now),
                Moment.of(facts.lastUsedAt(), now),
                facts.scope(),
                facts.issuer(),
                facts.trouble());
    }
}
