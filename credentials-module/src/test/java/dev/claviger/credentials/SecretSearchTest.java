package dev.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialCommand.RevokeToken;
import dev.claviger.credentials.api.CredentialCommand.ShredSecrets;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.FingerprintSearch;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import java.util.Map;
import java.util.UUID;
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

    @Test
    void knowsWhoseTokenIsInForceWhoseIsEndingAndWhoseIsNoMore() {
        CredentialId first = issue("access-1", "leaked");
        CredentialId second = issue("access-2", "leaked");
        FingerprintSearch search = node.part(FingerprintSearch.class);
        assertThat(search.find(Secret.of("leaked")).held())
                .containsExactlyInAnyOrder(
                        new FingerprintSearch.Held(first, 1, true), new FingerprintSearch.Held(second, 1, true));

        node.commands().sendAndWait(new RevokeToken(second, "removed"));
        assertThat(search.find(Secret.of("leaked")).held())
                .containsExactly(
                        new FingerprintSearch.Held(first, 1, true), new FingerprintSearch.Held(second, 1, false));

        node.commands().sendAndWait(new ShredSecrets(second, "told the provider"));
        assertThat(search.find(Secret.of("leaked")).held()).containsExactly(new FingerprintSearch.Held(first, 1, true));
    }

    @Test
    void knowsATokenThatCameAfterTheEnd() {
        CredentialId id = issue("access-1", "refresh-1");
        node.commands().sendAndWait(new RevokeToken(id, "removed"));
        SecretRef late = seal("late");
        node.jdbc()
                .sql("insert into credentials.late_token (secret_id, credential_id, fingerprint) values (?, ?, ?)")
                .params(late.id(), id.value(), late.fingerprint())
                .update();

        assertThat(node.part(FingerprintSearch.class).find(Secret.of("late")).held())
                .containsExactly(new FingerprintSearch.Held(id, 1, false));
    }

    private CredentialId issue(String access, String refresh) {
        CredentialId id = new CredentialId(UUID.randomUUID());
        node.oneTransaction()
                .run(() -> node.commands()
                        .sendAndWait(new IssueToken(
                                id,
                                CredentialKind.OAUTH,
                                seal(access),
                                node.vault().seal(SecretPurpose.REFRESH_TOKEN, Secret.of(refresh)),
                                null,
                                null,
                                null,
                                "https://as.test")));
        return id;
    }

    private SecretRef seal(String text) {
        return node.oneTransaction().run(() -> node.vault().seal(SecretPurpose.ACCESS_TOKEN, Secret.of(text)));
    }
}
