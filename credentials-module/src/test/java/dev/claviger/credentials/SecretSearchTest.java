package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.FingerprintSearch;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SecretSearchTest {

    private Node node;

    @BeforeEach
    void setUp() {
        node = new Node(TestDatabase.fresh(), new MovableClock(), new FakeProvider(), Map.of());
    }

    @AfterEach
    void end() {
        node.close();
    }

    @Test
    void findsLiveAndDestroyedSecretsAndTellsThatSomebodyAsked() {
        SecretRef live = seal("leaked");
        SecretRef destroyed = seal("leaked");
        seal("another");
        node.vault().shred(destroyed);

        FingerprintSearch.Found found = node.part(FingerprintSearch.class).find(Secret.of("leaked"));

        assertThat(found.fingerprint()).isEqualTo(live.fingerprint());
        assertThat(found.secrets())
                .extracting(FingerprintSearch.SealedSecret::secretId)
                .containsExactlyInAnyOrder(live.id(), destroyed.id());
        assertThat(found.secrets())
                .filteredOn(secret -> secret.secretId().equals(destroyed.id()))
                .allSatisfy(secret -> assertThat(secret.shreddedAt()).isNotNull());
        assertThat(node.events()).containsExactly("FingerprintSearched");
    }

    @Test
    void findsNothingForAPartOfASecret() {
        seal("leaked");

        assertThat(node.part(FingerprintSearch.class).find(Secret.of("leake")).secrets())
                .isEmpty();
    }

    private SecretRef seal(String text) {
        return node.oneTransaction().run(() -> node.vault().seal(SecretPurpose.ACCESS_TOKEN, Secret.of(text)));
    }
}
