package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialQuery.CredentialFacts;
import dev.claviger.credentials.api.CredentialState;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProvenanceWordsTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    @Test
    void setsAskedGrantedAndWantedScopesSideBySide() {
        assertThat(ScopeLine.of("a b", "a  c", "d b"))
                .containsExactly(
                        new ScopeLine("a", true, true, false),
                        new ScopeLine("b", true, false, true),
                        new ScopeLine("c", false, true, false),
                        new ScopeLine("d", false, false, true));
    }

    @Test
    void takesASilentGrantAsAsked() {
        assertThat(ScopeLine.of("a", null, null)).containsExactly(new ScopeLine("a", true, true, false));
        assertThat(ScopeLine.of(null, " ", null)).isEmpty();
    }

    @Test
    void saysWhenAConnectionDies() {
        assertThat(warning(CredentialKind.OAUTH, false, NOW.plusSeconds(7_200), false))
                .isEqualTo("No refresh token came: this connection dies on 2026-11-23 12:00:00 UTC (in 2 h) unless"
                        + " somebody connects again.");
        assertThat(warning(CredentialKind.OAUTH, false, NOW.minusSeconds(7_200), false))
                .contains("expired on 2026-11-23 08:00:00 UTC (2 h ago)");
        assertThat(warning(CredentialKind.OAUTH, false, null, false)).contains("did not say when");
    }

    @Test
    void saysNothingOfWhatRenewsItselfOrNeverDies() {
        assertThat(warning(CredentialKind.OAUTH, true, NOW.plusSeconds(60), false))
                .isNull();
        assertThat(warning(CredentialKind.OAUTH, false, NOW.plusSeconds(60), true))
                .isNull();
        assertThat(warning(CredentialKind.BEARER, false, null, false)).isNull();
    }

    @Test
    void saysHowLongARefreshTokenLivesUnusedAndWhoSaysSo() {
        Instant told = NOW.plus(Duration.ofDays(10));
        assertThat(refreshToken(CredentialState.ACTIVE, null, null)).isNull();
        assertThat(refreshToken(CredentialState.ACTIVE, null, 14))
                .isEqualTo("Dies after 14 days without use, as entered for this connector");
        assertThat(refreshToken(CredentialState.ACTIVE, told, null))
                .isEqualTo("Ends on 2026-12-03 10:00:00 UTC (in 10 days), as the provider told");
        assertThat(refreshToken(CredentialState.ACTIVE, told, 1))
                .isEqualTo(
                        "Dies after 1 day without use, as entered for this connector; ends on 2026-12-03 10:00:00 UTC"
                                + " (in 10 days), as the provider told. The sooner counts");
        assertThat(refreshToken(CredentialState.NEEDS_CONSENT, told, 14)).isNull();
    }

    private static @Nullable String refreshToken(
            CredentialState state, @Nullable Instant told, @Nullable Integer idleDays) {
        CredentialFacts facts = new CredentialFacts(
                new CredentialId(UUID.randomUUID()),
                CredentialKind.OAUTH,
                state,
                1,
                "f",
                true,
                NOW,
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                told,
                idleDays,
                null);
        return CredentialPanel.refreshToken(facts, NOW);
    }

    private static @Nullable String warning(
            CredentialKind kind, boolean refreshable, @Nullable Instant expiresAt, boolean renewedByGrant) {
        CredentialFacts facts = new CredentialFacts(
                new CredentialId(UUID.randomUUID()),
                kind,
                CredentialState.ACTIVE,
                1,
                "f",
                refreshable,
                NOW,
                null,
                expiresAt,
                null,
                null,
                null,
                null,
                renewedByGrant,
                null,
                null,
                null);
        return CredentialPanel.warning(facts, NOW);
    }
}
