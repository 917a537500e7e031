package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.CredentialUnavailable.Reason;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.UsedBy;
import dev.claviger.credentials.vault.RefreshOutcome;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node stalls in a refresh, another takes its lease and sends the same refresh token, and the first comes back. */
@Timeout(60)
class TakenOverRefreshTest {

    private static final UsedBy AGENT = new UsedBy("agent:7", "headers", "192.0.2.1");

    private final DataSource database = TestDatabase.fresh();
    private final MovableClock clock = new MovableClock();
    private final FakeProvider provider = new FakeProvider();
    private final Node node = new Node(database, clock, provider, Map.of("claviger.refresh.time-limit", "300ms"));
    private final CredentialTable table = node.part(CredentialTable.class);
    private final CredentialId id = new CredentialId(UUID.randomUUID());

    @BeforeEach
    void issue() {
        node.oneTransaction()
                .run(() -> node.commands()
                        .sendAndWait(new IssueToken(
                                id,
                                CredentialKind.OAUTH,
                                node.vault().seal(SecretPurpose.ACCESS_TOKEN, Secret.of("access-1")),
                                node.vault().seal(SecretPurpose.REFRESH_TOKEN, Secret.of("refresh-1")),
                                null,
                                clock.instant().plus(Duration.ofHours(1)),
                                "read",
                                "https://as.test")));
        clock.advance(Duration.ofHours(2));
    }

    @AfterEach
    void tearDown() {
        node.close();
    }

    @Test
    void theOneWhoTookItOverAndDiedMayHaveEndedTheGrantOfTheFirst() {
        provider.meanwhile = () -> {
            takeOver();
            provider.valid = "none, since the second request was taken for a theft";
        };

        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(2);
        provider.meanwhile = () -> {};
        clock.advance(Duration.ofHours(2));

        assertThat(unavailable(Reason.NEEDS_CONSENT)).hasMessageContaining("answer to a refresh was lost");
    }

    @Test
    void aDoubtEndsWithTheLeaseOfTheOneWhoGaveRiseToIt() {
        provider.meanwhile = this::takeOver;
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(2);
        provider.meanwhile = () -> {};
        clock.advance(Duration.ofHours(2));
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(3);

        provider.valid = "none, since an admin has ended it";
        clock.advance(Duration.ofHours(2));

        assertThat(unavailable(Reason.NEEDS_CONSENT)).hasMessageContaining("no longer accepts the grant");
    }

    @Test
    void aDoubtStaysWhileTheOneWhoGaveRiseToItMayBeUnderWay() {
        provider.lifetime = Duration.ofSeconds(20);
        provider.meanwhile = this::takeOver;
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(2);
        provider.meanwhile = () -> {};
        clock.advance(Duration.ofSeconds(19));
        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(3);

        provider.valid = "none, since the one who stalled has come back";
        clock.advance(Duration.ofSeconds(20));

        assertThat(unavailable(Reason.NEEDS_CONSENT)).hasMessageContaining("answer to a refresh was lost");
    }

    @Test
    void aRefusalOfTheOneWhoLostTheLeaseIsNoVerdict() {
        provider.meanwhile = this::takeOver;
        provider.spoil = truth -> new RefreshOutcome.Rejected("invalid_grant", null);

        unavailable(Reason.TRY_LATER);

        assertThat(node.events()).doesNotContain("RefreshRejected");
        provider.meanwhile = () -> {};
        expireLease();
        assertThat(unavailable(Reason.NEEDS_CONSENT)).hasMessageContaining("answer to a refresh was lost");
        assertThat(node.events()).containsExactly("TokenIssued", "RefreshInDoubt", "RefreshRejected");
    }

    @Test
    void aRefusalThatComesAfterTheTokensOfAnotherMayMeanThatTheirGrantIsDeadToo() {
        provider.meanwhile = () -> {
            provider.meanwhile = () -> {};
            expireLease();
            provider.valid = "refresh-1";
            try (Node other = new Node(database, clock, provider, Map.of())) {
                assertThat(other.fresh().fresh(id, AGENT).generation()).isEqualTo(2);
            }
            provider.valid = "none, since the request that stalled was taken for a theft";
            provider.spoil = truth -> new RefreshOutcome.Rejected("invalid_grant", null);
        };

        assertThat(node.fresh().fresh(id, AGENT).generation()).isEqualTo(2);
        clock.advance(Duration.ofHours(2));

        assertThat(unavailable(Reason.NEEDS_CONSENT)).hasMessageContaining("answer to a refresh was lost");
        assertThat(node.events()).containsExactly("TokenIssued", "RefreshInDoubt", "TokenRefreshed", "RefreshRejected");
    }

    /** As a node that dies before it says a word. */
    private void takeOver() {
        expireLease();
        assertThat(table.takeLease(id, 1, Duration.ofMinutes(1))).isPresent();
    }

    private void expireLease() {
        node.jdbc()
                .sql("update credentials.credential set lease_until = now() - interval '1 second'")
                .update();
    }

    private CredentialUnavailable unavailable(Reason reason) {
        CredentialUnavailable e = catchThrowableOfType(
                CredentialUnavailable.class, () -> node.fresh().fresh(id, AGENT));
        assertThat(e).isNotNull();
        assertThat(e.reason()).isEqualTo(reason);
        return e;
    }
}
