package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.UsedBy;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OpeningTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void forgetsWhatItOpenedThoughNobodyAsksAgain() throws InterruptedException {
        try (Node node = new Node(
                TestDatabase.fresh(),
                new MovableClock(),
                new FakeProvider(),
                Map.of("claviger.vault.keep-opened", "5s"))) {
            CredentialId id = new CredentialId(UUID.randomUUID());
            node.oneTransaction()
                    .run(() -> node.commands()
                            .sendAndWait(new IssueToken(
                                    id,
                                    CredentialKind.BEARER,
                                    node.vault().seal(SecretPurpose.STATIC_TOKEN, Secret.of("typed")),
                                    null,
                                    null,
                                    null,
                                    null,
                                    null)));
            Opening opening = node.part(Opening.class);
            node.fresh().fresh(id, new UsedBy("agent:7", "headers", "192.0.2.1"));
            assertThat(opening.remembered()).isEqualTo(1);

            long end = System.nanoTime() + PATIENCE.toNanos();
            while (opening.remembered() > 0 && System.nanoTime() < end) {
                Thread.sleep(100);
            }

            assertThat(opening.remembered()).isZero();
        }
    }
}
