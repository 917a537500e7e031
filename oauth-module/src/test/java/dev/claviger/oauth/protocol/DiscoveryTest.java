package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.Knobs;
import dev.claviger.oauth.api.DiscoverySource;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DiscoveryTest {

    private static final OutboundClient CLIENT = OutboundClient.guarded(List.of("127.0.0.1"), true);

    private final DemoProvider provider = DemoProvider.start();
    private final Knobs knobs = provider.knobs();

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void followsTheChallenge() {
        Discovered found = discover();

        assertThat(found.source()).isEqualTo(DiscoverySource.CHALLENGE);
        assertThat(found.resource()).isEqualTo(provider.mcpUrl().toString());
        assertThat(found.challengedScope()).isEqualTo("notes:read notes:write");
        assertThat(found.server().issuer()).isEqualTo(provider.issuer().toString());
        assertThat(found.server().issParameterSupported()).isTrue();
        assertThat(found.server().scopesSupported()).contains("offline_access");
        assertThat(asked())
                .containsExactly(
                        "POST /mcp",
                        "GET /.well-known/oauth-protected-resource/mcp",
                        "GET /.well-known/oauth-authorization-server");
    }

    @Test
    void findsTheChallengeAmongSeveral() {
        knobs.severalChallenges = true;

        assertThat(discover().source()).isEqualTo(DiscoverySource.CHALLENGE);
    }

    @Test
    void findsTheChallengeOfAServerThatGreetsEverybody() {
        knobs.openHandshake = true;

        Discovered found = discover();

        assertThat(found.source()).isEqualTo(DiscoverySource.CHALLENGE);
        assertThat(found.challengedScope()).isEqualTo("notes:read notes:write");
        assertThat(asked()).startsWith("POST /mcp", "POST /mcp", "GET /.well-known/oauth-protected-resource/mcp");
    }

    @Test
    void asksBesideThePathThenAtTheRootWithoutAChallenge() {
        knobs.noChallengeHeader = true;
        knobs.rootResourceMetadataOnly = true;

        Discovered found = discover();

        assertThat(found.source()).isEqualTo(DiscoverySource.WELL_KNOWN);
        assertThat(found.challengedScope()).isNull();
        assertThat(found.resourceScopes()).containsExactly("notes:read", "notes:write");
        assertThat(asked())
                .startsWith(
                        "POST /mcp",
                        "GET /.well-known/oauth-protected-resource/mcp",
                        "GET /.well-known/oauth-protected-resource");
    }

    @Test
    void triesTheThreePlacesOfAnIssuerWithAPath() {
        knobs.issuerPath = "/tenant";
        knobs.oidcOnly = true;

        assertThat(discover().server().issuer()).isEqualTo(provider.issuer().toString());
        assertThat(asked())
                .endsWith(
                        "GET /.well-known/oauth-authorization-server/tenant",
                        "GET /.well-known/openid-configuration/tenant",
                        "GET /tenant/.well-known/openid-configuration");
    }

    @Test
    void keepsAParentResourceByteForByte() {
        String parent = Origin.of(provider.mcpUrl()) + "/";
        knobs.resourceOverride = parent;

        assertThat(discover().resource()).isEqualTo(parent);
    }

    @Test
    void findsAServerOf2025March() {
        knobs.noProtectedResourceMetadata = true;
        knobs.authorizationServerOnMcpOrigin = true;

        Discovered found = discover();

        assertThat(found.source()).isEqualTo(DiscoverySource.SERVER_ORIGIN);
        assertThat(found.server().issuer()).isEqualTo(Origin.of(provider.mcpUrl()));
        assertThat(found.resource()).isNull();
        assertThat(provider.requests())
                .last()
                .satisfies(request ->
                        assertThat(request.header("MCP-Protocol-Version")).isNotNull());
    }

    @Test
    void takesTheDefaultEndpointsWhereA401IsAllThereIs() {
        knobs.noProtectedResourceMetadata = true;

        Discovered found = discover();

        assertThat(found.source()).isEqualTo(DiscoverySource.DEFAULT_ENDPOINTS);
        assertThat(found.server().tokenEndpoint()).isEqualTo(Origin.of(provider.mcpUrl()) + "/token");
    }

    @Test
    void saysSoWhenNothingAsksForOAuth() {
        knobs.noProtectedResourceMetadata = true;

        assertThatThrownBy(() ->
                        new Discovery(CLIENT).discover(provider.openMcpUrl().toString()))
                .isInstanceOfSatisfying(
                        Refused.class, e -> assertThat(e.code()).isEqualTo(FailureCode.NO_AUTHORIZATION_SERVER))
                .hasMessageContaining("bearer token or an API key");
    }

    @Test
    void takesTheFirstOfSeveralAuthorizationServersThatWorks() {
        String other = provider.issuer() + "/nobody";
        String own = provider.issuer().toString();
        knobs.moreAuthorizationServers = List.of(other, "https://10.0.0.1", "not a url");

        Discovered found = discover();

        assertThat(found.server().issuer()).isEqualTo(own);
        assertThat(found.authorizationServers()).containsExactly(other, "https://10.0.0.1", "not a url", own);
    }

    @Test
    void staysWithTheIssuerOfBeforeWhereItIsStillNamed() {
        knobs.issuerPath = "/tenant";
        String own = provider.issuer().toString();
        knobs.moreAuthorizationServers = List.of(own + "/nobody");

        discover(null, own);

        assertThat(asked()).noneMatch(request -> request.contains("nobody"));
    }

    @Test
    void namesAllAuthorizationServersWhereNoneWorks() {
        knobs.noWellKnown = true;
        knobs.moreAuthorizationServers =
                List.of("http://localhost:" + provider.issuer().getPort());

        assertThatThrownBy(this::discover).hasMessageContaining("localhost, 127.0.0.1");
    }

    @Test
    void goesToTheServersOriginWhereNoAuthorizationServerIsNamed() {
        knobs.noAuthorizationServers = true;
        knobs.authorizationServerOnMcpOrigin = true;

        Discovered found = discover();

        assertThat(found.source()).isEqualTo(DiscoverySource.SERVER_ORIGIN);
        assertThat(found.resource()).isEqualTo(provider.mcpUrl().toString());
    }

    @Test
    void acceptsExactlyThePairOfTheException() {
        String published = "https://cf.acme.example";
        knobs.publishedIssuer = published;
        String own = provider.issuer().toString();

        Discovered found = discover(new IssuerException(own, published), null);

        assertThat(found.server().issuer()).isEqualTo(published);
        assertThat(found.server().askedIssuer()).isEqualTo(own);
        assertThatThrownBy(() -> discover(new IssuerException(own, published + "/"), null))
                .isInstanceOf(IssuerMismatch.class);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"' a   b ', a b", "'a \u0000 b', -", "'a \u00e4', -", "'   ', -", "a\\b, -"})
    void takesOnlyAScopeFromAChallenge(String sent, @Nullable String expected) {
        assertThat(Remote.challenged(sent)).isEqualTo(expected);
    }

    @Test
    void asksForWhatTheResourcePublishesWhereTheChallengeNamesNonsense() {
        knobs.challengeScope = "notes:read n\u00f6tes";

        Discovered found = discover();

        assertThat(found.challengedScope()).isNull();
        assertThat(found.resourceScopes()).containsExactly("notes:read", "notes:write");
    }

    static Stream<Arguments> misbehaviours() {
        return Stream.of(
                bad(
                        "another resource",
                        k -> k.resourceOverride = "https://other.example/",
                        FailureCode.RESOURCE_MISMATCH),
                bad("another issuer", k -> k.wrongMetadataIssuer = true, FailureCode.ISSUER_MISMATCH),
                bad("a key twice", k -> k.duplicateMetadataKeys = true, FailureCode.METADATA_MALFORMED),
                bad("no PKCE", k -> k.noPkceMetadata = true, FailureCode.PKCE_NOT_SUPPORTED),
                bad("javascript:", k -> k.javascriptEndpoints = true, FailureCode.UNSAFE_ADDRESS),
                bad("http elsewhere", k -> k.httpEndpointsOnOtherHost = true, FailureCode.UNSAFE_ADDRESS),
                bad("metadata service", k -> k.metadataServiceEndpoints = true, FailureCode.UNSAFE_ADDRESS),
                bad("html", k -> k.metadataHtml = true, FailureCode.NO_AUTHORIZATION_SERVER),
                bad("redirect", k -> k.metadataRedirect = true, FailureCode.NO_AUTHORIZATION_SERVER),
                bad("nothing there", k -> k.noWellKnown = true, FailureCode.NO_AUTHORIZATION_SERVER),
                bad("huge", k -> k.metadataHuge = true, FailureCode.LIMIT_EXCEEDED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("misbehaviours")
    void refusesAndNamesTheCause(String name, Consumer<Knobs> misbehave, FailureCode expected) {
        misbehave.accept(knobs);

        Throwable refusal = catchThrowable(this::discover);

        FailureCode code = refusal instanceof Untrusted untrusted ? untrusted.code() : ((Refused) refusal).code();
        assertThat(code).isEqualTo(expected);
        assertThat(provider.count("POST", "/register")).isZero();
    }

    @Test
    void triesAgainLaterWhenTheServerIsAway() {
        knobs.mcp503 = true;
        knobs.noProtectedResourceMetadata = true;

        assertThatThrownBy(this::discover).isInstanceOf(Unreachable.class);
    }

    @Test
    void refusesUrlsThatMustNotBeCalled() {
        for (String url :
                List.of("http://169.254.169.254/mcp", "file:///etc/passwd", "https://10.0.0.1/mcp", "not a url")) {
            assertThatThrownBy(() -> new Discovery(CLIENT).discover(url)).isInstanceOf(Untrusted.class);
        }
    }

    private Discovered discover() {
        return discover(null, null);
    }

    private Discovered discover(@Nullable IssuerException exception, @Nullable String preferred) {
        return new Discovery(CLIENT, exception, preferred)
                .discover(provider.mcpUrl().toString());
    }

    private List<String> asked() {
        return provider.requests().stream()
                .map(request -> request.method() + " " + request.path())
                .toList();
    }

    private static Arguments bad(String name, Consumer<Knobs> misbehave, FailureCode code) {
        return Arguments.of(name, misbehave, code);
    }
}
