package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.vault.SecretUnreadable;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrphansTest {

    private Node node;
    private Orphans orphans;

    @BeforeEach
    void setUp() {
        node = new Node(TestDatabase.fresh(), new MovableClock(), new FakeProvider(), Map.of());
        orphans = node.part(Orphans.class);
    }

    @AfterEach
    void end() {
        node.close();
    }

    @Test
    void destroysAnOrphanOnlyAtALaterSweep() {
        SecretRef orphan = seal(SecretPurpose.STATIC_TOKEN);
        age("2 days");

        orphans.sweep();
        orphans.sweep();
        assertThat(node.vault().open(SecretPurpose.STATIC_TOKEN, orphan)).isNotNull();
        assertThat(node.events()).isEmpty();

        markedSince("2 hours");
        orphans.sweep();
        orphans.sweep();

        assertThatExceptionOfType(SecretUnreadable.class)
                .isThrownBy(() -> node.vault().open(SecretPurpose.STATIC_TOKEN, orphan))
                .withMessageContaining("destroyed");
        assertThat(node.events()).containsExactly("OrphansShredded");
    }

    @Test
    void leavesWhatIsYoungerThanADay() {
        SecretRef young = seal(SecretPurpose.STATIC_TOKEN);
        age("23 hours");

        orphans.sweep();
        markedSince("2 hours");
        orphans.sweep();

        assertThat(node.vault().open(SecretPurpose.STATIC_TOKEN, young)).isNotNull();
    }

    @Test
    void leavesWhatNobodySpeaksFor() {
        SecretRef elsewhere = seal(SecretPurpose.CLIENT_SECRET);
        age("400 days");

        orphans.sweep();
        markedSince("2 hours");
        orphans.sweep();

        assertThat(node.vault().open(SecretPurpose.CLIENT_SECRET, elsewhere)).isNotNull();
    }

    @Test
    void neverTouchesWhatACredentialRefersTo() {
        SecretRef access = seal(SecretPurpose.ACCESS_TOKEN);
        SecretRef refresh = seal(SecretPurpose.REFRESH_TOKEN);
        issue(access, refresh);
        age("400 days");

        orphans.sweep();
        markedSince("2 hours");
        orphans.sweep();

        assertThat(node.vault().open(SecretPurpose.ACCESS_TOKEN, access)).isNotNull();
        assertThat(node.vault().open(SecretPurpose.REFRESH_TOKEN, refresh)).isNotNull();
    }

    @Test
    void takesTheMarkOffWhatIsReferredToAgain() {
        SecretRef access = seal(SecretPurpose.ACCESS_TOKEN);
        age("2 days");
        orphans.sweep();
        markedSince("2 hours");
        issue(access, null);

        orphans.sweep();

        assertThat(node.vault().open(SecretPurpose.ACCESS_TOKEN, access)).isNotNull();
        assertThat(node.jdbc()
                        .sql("select count(*) from credentials.secret where orphan_since is not null")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void asksForEverySecretHoweverManyThereAre() {
        node.oneTransaction().run(() -> {
            for (int i = 0; i < 1203; i++) {
                node.vault().seal(SecretPurpose.STATIC_TOKEN, Secret.of("secret " + i));
            }
        });
        age("2 days");

        orphans.sweep();
        markedSince("2 hours");
        orphans.sweep();

        assertThat(node.jdbc()
                        .sql("select count(*) from credentials.secret where wrapped_key is null and ciphertext is null")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1203);
    }

    private SecretRef seal(SecretPurpose purpose) {
        return node.oneTransaction().run(() -> node.vault().seal(purpose, Secret.of("a secret " + UUID.randomUUID())));
    }

    private void issue(SecretRef access, SecretRef refresh) {
        node.commands()
                .sendAndWait(new IssueToken(
                        new CredentialId(UUID.randomUUID()),
                        CredentialKind.OAUTH,
                        access,
                        refresh,
                        null,
                        null,
                        null,
                        "https://as.example"));
    }

    private void age(String interval) {
        node.jdbc()
                .sql("update credentials.secret set created_at = now() - cast(? as interval)")
                .param(interval)
                .update();
    }

    private void markedSince(String interval) {
        node.jdbc()
                .sql(
                        "update credentials.secret set orphan_since = now() - cast(? as interval) where orphan_since is not null")
                .param(interval)
                .update();
    }
}
