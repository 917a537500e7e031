package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.MasterKeyUnavailable;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.UsedBy;
import dev.claviger.demoprovider.DemoKms;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The key that seals is out of reach, while the one that opens the refresh token is at hand. */
class RefreshWithoutMasterKeyTest {

    private final CredentialId id = new CredentialId(UUID.randomUUID());
    private final MovableClock clock = new MovableClock();
    private final FakeProvider provider = new FakeProvider();

    @Test
    void theBackgroundSpendsNoRefreshTokenWhoseSuccessorCouldNotBeSealed() {
        DataSource database = TestDatabase.fresh();
        try (DemoKms kms = DemoKms.start()) {
            try (Node before = node(database, "env:LOCAL")) {
                issue(before);
            }
            try (Node node = node(database, kms.transitKey("claviger") + ",env:LOCAL")) {
                kms.down = true;
                clock.advance(Duration.ofMinutes(58));
                assertThatExceptionOfType(MasterKeyUnavailable.class).isThrownBy(() -> node.renewAhead(id, 1));
                assertThat(provider.received).isEmpty();
                assertThat(node.jdbc()
                                .sql("select count(*) from credentials.credential where lease_owner is not null")
                                .query(Long.class)
                                .single())
                        .isZero();
                kms.down = false;
                Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .ignoreExceptionsInstanceOf(MasterKeyUnavailable.class)
                        .untilAsserted(() -> {
                            clock.advance(Duration.ofSeconds(1));
                            node.renewAhead(id, 1);
                        });
                assertThat(provider.received).containsExactly("refresh-1");
                assertThat(node.fresh()
                                .fresh(id, new UsedBy("agent:7", "headers", null))
                                .headerValue())
                        .isEqualTo(Secret.of("Bearer access-2"));
                assertThat(node.events()).containsExactly("TokenIssued", "TokenRefreshed");
            }
        }
    }

    private Node node(DataSource database, String masterKeys) {
        return new Node(
                database,
                clock,
                provider,
                Map.of(
                        "LOCAL",
                        Node.MASTER_KEY,
                        "claviger.vault.master-key",
                        "",
                        "claviger.vault.master-keys",
                        masterKeys,
                        "claviger.vault.hcvault-token",
                        DemoKms.VAULT_TOKEN));
    }

    private void issue(Node node) {
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
    }
}
