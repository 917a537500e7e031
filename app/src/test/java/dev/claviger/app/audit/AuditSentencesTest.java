package dev.claviger.app.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.axon.ProjectionEvent;
import dev.claviger.app.axon.SampleRecords;
import dev.claviger.app.security.UserEvent;
import dev.claviger.connectors.api.AgentEvent;
import dev.claviger.connectors.api.ConnectorEvent;
import dev.claviger.credentials.api.CredentialEvent;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.FreezeEvent;
import dev.claviger.credentials.api.KeyRotationEvent;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.api.VaultEvent;
import dev.claviger.oauth.api.AuthorizationEvent;
import dev.claviger.oauth.api.ClientRegistrationEvent;
import dev.claviger.oauth.api.SigningKeyEvent;
import dev.claviger.toolsync.api.HealthEvent;
import dev.claviger.toolsync.api.ToolCatalogEvent;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

class AuditSentencesTest {

    private final AuditSentences sentences = new AuditSentences();

    static Stream<Class<?>> events() {
        return Stream.of(
                        ConnectorEvent.class,
                        AgentEvent.class,
                        AuthorizationEvent.class,
                        ClientRegistrationEvent.class,
                        SigningKeyEvent.class,
                        CredentialEvent.class,
                        FreezeEvent.class,
                        KeyRotationEvent.class,
                        VaultEvent.class,
                        ToolCatalogEvent.class,
                        HealthEvent.class,
                        UserEvent.class,
                        ProjectionEvent.class)
                .flatMap(kind -> Stream.of(kind.getPermittedSubclasses()));
    }

    @ParameterizedTest
    @MethodSource("events")
    void hasASentenceForEveryEvent(Class<?> event) {
        assertThat(sentences.sentence(SampleRecords.of(event)))
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .matches("\\p{Lu}.*|“.*")
                        .matches("(?s).*[.)]")
                        .doesNotContain("[", "null", ".."));
    }

    @Test
    void knowsNoEventThatDoesNotExist() {
        assertThat(sentences.events())
                .containsExactlyInAnyOrderElementsOf(
                        events().map(Class::getSimpleName).toList());
    }

    @Test
    void quotesAndShortensTextFromOutside() {
        CredentialEvent event = new CredentialEvent.RefreshRejected(
                new CredentialId(UUID.randomUUID()), 1, "bad\n\u202Egrant" + "x".repeat(500), null);

        assertThat(sentences.sentence(event))
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .contains("“bad grantx")
                        .contains("…”")
                        .doesNotContain("\n", "\u202E")
                        .hasSizeLessThan(250));
    }

    @Test
    void showsFingerprintsInPlaceOfReferencesAndNoHashes() {
        AuditFacts facts =
                new AuditFacts(JsonMapper.builder().findAndAddModules().build());
        UUID id = UUID.randomUUID();

        String issued = facts.of(new CredentialEvent.TokenIssued(
                new CredentialId(id),
                CredentialKind.BEARER,
                new SecretRef(id, "0123456789abcdef"),
                null,
                null,
                Instant.EPOCH,
                null,
                null,
                null));
        String started = facts.of(SampleRecords.of(AuthorizationEvent.ConsentRequested.class));

        assertThat(issued)
                .contains("\"accessToken\":\"fingerprint 0123456789abcdef\"")
                .doesNotContain("null");
        assertThat(started).doesNotContain("stateHash");
        assertThat(List.of(issued, started)).allSatisfy(json -> assertThat(json).startsWith("{"));
    }
}
