package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.vault.SecretUnreadable;
import dev.claviger.credentials.vault.Shredder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordedShreddingTest {

    @Test
    void destroysOnceAndTellsItOnce() {
        try (Node node = new Node(TestDatabase.fresh(), new MovableClock(), new FakeProvider(), Map.of())) {
            SecretRef ref = node.oneTransaction()
                    .run(() -> node.vault().seal(SecretPurpose.CLIENT_SECRET, Secret.of("replaced")));
            Shredder shredder = node.part(Shredder.class);

            node.oneTransaction().run(() -> shredder.shred(ref, "it was replaced"));
            node.oneTransaction().run(() -> shredder.shred(ref, "it was replaced"));

            assertThatExceptionOfType(SecretUnreadable.class)
                    .isThrownBy(() -> node.vault().open(SecretPurpose.CLIENT_SECRET, ref));
            assertThat(node.events()).containsExactly("SecretShredded");
        }
    }
}
