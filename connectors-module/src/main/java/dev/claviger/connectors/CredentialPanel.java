package dev.claviger.connectors;

import dev.claviger.connectors.Words.Badge;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialQuery.CredentialFacts;
import dev.claviger.credentials.api.CredentialState;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A credential on a page, without its secret.
 *
 * @param refreshToken when the refresh token ends or how long it lives unused, in words; null: nobody says
 * @param refreshDue when it is refreshed at the latest; null: never, or it is overdue
 */
record CredentialPanel(
        UUID uuid,
        Badge state,
        String fingerprint,
        long generation,
        boolean refreshable,
        boolean renews,
        @Nullable Moment issued,
        @Nullable Moment refreshed,
        @Nullable Moment expires,
        @Nullable Moment lastUsed,
        @Nullable String scope,
        @Nullable String issuer,
        @Nullable String trouble,
        @Nullable String warning,
        @Nullable String refreshToken,
        @Nullable Moment refreshDue) {

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
                facts.refreshable() || facts.renewedByGrant(),
                Moment.of(facts.issuedAt(), now),
                Moment.of(facts.refreshedAt(), now),
                Moment.of(facts.expiresAt(), now),
                Moment.of(facts.lastUsedAt(), now),
                facts.scope(),
                facts.issuer(),
                facts.trouble(),
                warning(facts, now),
                refreshToken(facts, now),
                facts.refreshDueAt() == null || facts.refreshDueAt().isBefore(now)
                        ? null
                        : Moment.of(facts.refreshDueAt(), now));
    }

    /** When it ends or how long it lives unused, and who says so; null: nobody does, or it serves no more. */
    static @Nullable String refreshToken(CredentialFacts facts, Instant now) {
        if (facts.state() != CredentialState.ACTIVE || !facts.refreshable()) {
            return null;
        }
        Moment told = Moment.of(facts.refreshTokenExpiresAt(), now);
        String provider = told == null
                ? null
                // Whether using it puts that off is the forecast's to say: not every provider does.
                : "ends on " + told.utc() + " (" + told.ago() + "), as the provider told";
        Integer days = facts.idleDays();
        if (days == null) {
            return provider == null ? null : Sentences.capital(provider);
        }
        String entered = "Dies after " + Words.count(days, "day") + " without use, as entered for this connector";
        return provider == null ? entered : entered + "; " + provider + ". The sooner counts";
    }

    /** That it will die and nobody but a person can help; null while it can renew itself. */
    static @Nullable String warning(CredentialFacts facts, Instant now) {
        if (facts.kind() != CredentialKind.OAUTH
                || facts.state() != CredentialState.ACTIVE
                || facts.refreshable()
                || facts.renewedByGrant()) {
            return null;
        }
        Moment expires = Moment.of(facts.expiresAt(), now);
        if (expires == null) {
            return "No refresh token came, and the provider did not say when the access token expires: once it does,"
                    + " this connection is dead until somebody connects again.";
        }
        return facts.expiresAt() != null && facts.expiresAt().isBefore(now)
                ? "No refresh token came, and the access token expired on " + expires.utc() + " (" + expires.ago()
                        + "): somebody must connect again."
                : "No refresh token came: this connection dies on " + expires.utc() + " (" + expires.ago()
                        + ") unless somebody connects again.";
    }
}
