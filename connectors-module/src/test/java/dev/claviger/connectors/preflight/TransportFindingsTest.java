package dev.claviger.connectors.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.connectors.preflight.Finding.Mender;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.toolsync.api.TransportPreflight.Access;
import dev.claviger.toolsync.api.TransportPreflight.Seen;
import dev.claviger.toolsync.api.TransportPreflight.Spoken;
import dev.claviger.toolsync.api.TransportPreflight.Way;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransportFindingsTest {

    @ParameterizedTest
    @CsvSource({
        "MODERN, 2026-07-28, OK",
        "LEGACY, 2025-11-25, OK",
        "HTTP_SSE, 2024-11-05, WARNING",
    })
    void theTransportIsGradedByItsFuture(Way way, String revision, Grade grade) {
        Finding finding = finding(
                "https://mcp.example.com/mcp",
                new Seen(new Spoken(way, revision, "Acme", "1"), Access.LISTS_FOR_EVERYBODY, 3, 0, null),
                "transport");

        assertThat(finding.grade()).isEqualTo(grade);
        assertThat(finding.facts())
                .containsExactly(new Finding.Fact("MCP revision", revision), new Finding.Fact("Server", "Acme 1"));
    }

    @Test
    void anAddressThatLooksLikeTheOldTransportIsAWarning() {
        Seen silent = new Seen(null, Access.CREDENTIAL_FIRST, null, 0, null);

        assertThat(finding("https://mcp.example.com/sse", silent, "transport").grade())
                .isEqualTo(Grade.WARNING);
        assertThat(finding("https://mcp.example.com/mcp", silent, "transport").grade())
                .isEqualTo(Grade.NOTE);
    }

    @Test
    void aServerThatLetsNobodyInMayKeepOutOurAddress() {
        Finding finding =
                finding("https://mcp.example.com/mcp", new Seen(null, Access.FORBIDDEN, null, 0, null), "reachable");

        assertThat(finding.grade()).isEqualTo(Grade.WARNING);
        assertThat(finding.statement()).contains("403");
    }

    @Test
    void toolsThatAreUnfitForUseAreCounted() {
        Finding finding = finding(
                "https://mcp.example.com/mcp",
                new Seen(new Spoken(Way.MODERN, "2026-07-28", null, null), Access.LISTS_FOR_EVERYBODY, 3, 2, null),
                "tools");

        assertThat(finding.facts()).containsExactly(new Finding.Fact("Tools", "3, and 2 unfit for use"));
    }

    @ParameterizedTest
    @CsvSource({
        "CERTIFICATE_NOT_TRUSTED, tls, PROVIDER",
        "UNSAFE_ADDRESS, address, YOU",
        "MCP_UNREACHABLE, reachable, PROVIDER",
        "MCP_PROTOCOL_ERROR, transport, YOU",
        "LIMIT_EXCEEDED, transport, PROVIDER",
    })
    void eachFailureNamesWhoCanMendIt(FailureCode code, String id, Mender mender) {
        Finding finding = finding(
                "https://mcp.example.com/mcp",
                new Seen(null, Access.UNKNOWN, null, 0, new Failure(code, "What happened")),
                id);

        assertThat(finding.grade()).isEqualTo(Grade.PROBLEM);
        assertThat(finding.mender()).isEqualTo(mender);
        assertThat(finding.code()).isEqualTo(code);
        assertThat(finding.statement()).isEqualTo("What happened.");
        assertThat(finding.fix()).isNotBlank();
    }

    private static Finding finding(String url, Seen seen, String id) {
        return TransportFindings.of(url, seen).stream()
                .filter(finding -> finding.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
