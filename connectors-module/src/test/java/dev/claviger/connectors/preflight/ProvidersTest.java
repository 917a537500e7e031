package dev.claviger.connectors.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.connectors.preflight.Finding.Mender;
import dev.claviger.connectors.preflight.Providers.Provider;
import dev.claviger.oauth.api.AuthorizationPreflight.PushedRequests;
import dev.claviger.oauth.api.AuthorizationPreflight.Seen;
import dev.claviger.oauth.api.AuthorizationPreflight.Server;
import dev.claviger.oauth.api.ClientOrigin;
import dev.claviger.oauth.api.DiscoverySource;
import dev.claviger.toolsync.api.TransportPreflight;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvidersTest {

    private static final String PUBLIC = "https://claviger.example/oauth/callback";
    private static final String LOCAL = "http://127.0.0.1:8080/oauth/callback";

    private final Providers providers = Providers.known();

    @Test
    void everyEntryIsWellFormed() {
        assertThat(providers.all()).hasSizeGreaterThan(40).allSatisfy(provider -> {
            assertThat(provider.name()).isNotBlank();
            assertThat(provider.checked()).matches("20[0-9]{2}-(0[1-9]|1[0-2])");
            List<String> names = new ArrayList<>(provider.hosts());
            names.addAll(provider.issuers());
            assertThat(names).isNotEmpty().allMatch(host -> host.matches("[a-z0-9-]+(\\.[a-z0-9-]+)+"));
            assertThat(provider.notes()).allMatch(note -> note.endsWith("."));
            assertThat(provider.auth()).isIn(null, "bearer", "api_key_header");
        });
    }

    @Test
    void aProviderIsFoundByTheNameOfItsHostAndNothingElse() {
        assertThat(names("https://mcp.linear.app/mcp", null)).containsExactly("Linear");
        assertThat(names("https://MCP.Linear.App/mcp", null)).containsExactly("Linear");
        assertThat(names("https://observability.mcp.cloudflare.com/mcp", null)).containsExactly("Cloudflare");
        assertThat(names("https://mcp.linear.app.attacker.example/mcp", null)).isEmpty();
        assertThat(names("https://notmcp.linear.app/mcp", null)).isEmpty();
        assertThat(names("https://attacker.example/mcp.linear.app", null)).isEmpty();
        assertThat(names("https://mcp.example.com/", "https://dev-1.okta.com/oauth2/default"))
                .containsExactly("Okta");
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.githubcopilot.com/mcp/, registration, PROBLEM",
        "https://mcp.figma.com/mcp, registration, PROBLEM",
        "https://mcp.linear.app/mcp, registration, OK",
        "https://mcp.vercel.com, redirect-uri, PROBLEM",
        "https://mcp.squareup.com/sse, redirect-uri, PROBLEM",
        "https://mcp.linear.app/mcp, redirect-uri, OK",
        "https://mcp.linear.app/mcp, refresh, OK",
        "https://mcp.facebook.com/ads, refresh, WARNING",
        "https://mcp.granola.ai/mcp, refresh, WARNING",
    })
    void whatIsKnownOfAServerIsGraded(String url, String id, Grade grade) {
        assertThat(finding(url, "https://as.example", PUBLIC, id).grade()).isEqualTo(grade);
    }

    @ParameterizedTest
    @CsvSource({
        "https://login.microsoftonline.com/t/v2.0, PROBLEM",
        "https://acme.eu.auth0.com/, WARNING",
        "https://as.example, OK",
    })
    void anAuthorizationServerThatRefusesResourceIsKnown(String issuer, Grade grade) {
        assertThat(finding("https://mcp.example.com/", issuer, PUBLIC, "resource-parameter")
                        .grade())
                .isEqualTo(grade);
    }

    @ParameterizedTest
    @CsvSource({
        "https://mcp.vercel.com, NOTE",
        "https://mcp-server.zomato.com/mcp, PROBLEM",
        "https://acme.my.salesforce.com/mcp, PROBLEM",
    })
    void aLoopbackAddressFitsSomeAndNotOthers(String url, Grade grade) {
        Finding finding = finding(url, "https://as.example", LOCAL, "redirect-uri");
        assertThat(finding.grade()).isEqualTo(grade);
        assertThat(finding.mender()).isEqualTo(grade == Grade.PROBLEM ? Mender.YOU : null);
    }

    @Test
    void aServerThatListsForEverybodyMayStillBeKnownToTakeAKey() {
        List<Provider> render = providers.of("https://mcp.render.com/mcp", null);
        TransportPreflight.Seen open =
                new TransportPreflight.Seen(null, TransportPreflight.Access.LISTS_FOR_EVERYBODY, 24, 0, null);

        Ways way = Ways.of(open, seen(PUBLIC, null), render);

        assertThat(way).isEqualTo(Ways.KEY);
        assertThat(way.authType(render)).isEqualTo("bearer");
    }

    private List<String> names(String url, @Nullable String issuer) {
        return providers.of(url, issuer == null ? null : server(issuer)).stream()
                .map(Provider::name)
                .toList();
    }

    private Finding finding(String url, String issuer, String redirectUri, String id) {
        Server server = server(issuer);
        List<Provider> known = providers.of(url, server);
        List<Finding> findings = new ArrayList<>(ClientFindings.of(server, seen(redirectUri, server), known));
        findings.addAll(TokenFindings.of(server, known));
        return findings.stream()
                .filter(finding -> finding.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Seen seen(String redirectUri, @Nullable Server server) {
        return new Seen(401, null, List.of(), List.of(), null, server, redirectUri, true, null, null);
    }

    private static Server server(String issuer) {
        return new Server(
                issuer,
                DiscoverySource.CHALLENGE,
                ClientOrigin.REGISTERED,
                "client_secret_basic",
                List.of(),
                List.of(),
                List.of(),
                true,
                PushedRequests.NOT_OFFERED);
    }
}
