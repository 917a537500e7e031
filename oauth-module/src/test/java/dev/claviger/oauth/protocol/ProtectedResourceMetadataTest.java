package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Untrusted;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtectedResourceMetadataTest {

    @ParameterizedTest
    @CsvSource({
        "https://h.example/mcp,       https://h.example/.well-known/oauth-protected-resource/mcp",
        "https://h.example:8443/a/b,  https://h.example:8443/.well-known/oauth-protected-resource/a/b",
        "https://h.example/mcp?ref=1, https://h.example/.well-known/oauth-protected-resource/mcp?ref=1",
        "https://h.example/,          https://h.example/.well-known/oauth-protected-resource",
        "https://h.example,           https://h.example/.well-known/oauth-protected-resource"
    })
    void asksBesideThePathFirst(String server, String first) {
        assertThat(ProtectedResourceMetadata.wellKnown(URI.create(server)))
                .first()
                .hasToString(first);
    }

    @Test
    void asksAtTheRootLast() {
        assertThat(ProtectedResourceMetadata.wellKnown(URI.create("https://h.example/mcp")))
                .last()
                .hasToString("https://h.example/.well-known/oauth-protected-resource");
    }

    @ParameterizedTest
    @CsvSource({
        "https://h.example/mcp, https://h.example/mcp",
        "https://h.example/mcp, https://h.example/mcp/",
        "https://h.example/mcp/, https://h.example/mcp",
        "https://h.example/mcp, https://h.example/",
        "https://h.example/mcp, https://h.example",
        "https://h.example/a/b, https://h.example/a",
        "https://h.example/mcp, https://H.example:443",
        "https://h.example/mcp?x=1, https://h.example/mcp"
    })
    void acceptsTheSameUrlOrAParent(String server, String resource) {
        assertThatCode(() -> published(resource).requireFor(server)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "https://h.example/mcp2, https://h.example/mcp",
        "https://h.example/mcp, https://h.example/mcp/deeper",
        "https://h.example/mcp, https://other.example/mcp",
        "https://h.example/mcp, https://h.example.other.example/mcp",
        "https://h.example/mcp, https://h.example:8443/mcp",
        "https://h.example/mcp, http://h.example/mcp",
        "https://h.example/mcp, https://user@h.example/",
        "https://h.example/mcp, https://h.example/?q",
        "https://h.example/mcp, https://h.example/#f",
        "https://h.example/mcp, urn:h.example",
        "https://h.example/mcp, 'not a url'"
    })
    void refusesEverythingElse(String server, String resource) {
        assertThatThrownBy(() -> published(resource).requireFor(server))
                .isInstanceOfSatisfying(
                        Untrusted.class, e -> assertThat(e.code()).isEqualTo(FailureCode.RESOURCE_MISMATCH))
                .hasMessageNotContaining("other.example");
    }

    private static ProtectedResourceMetadata published(String resource) {
        return new ProtectedResourceMetadata(resource, List.of(), List.of());
    }
}
