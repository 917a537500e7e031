package dev.claviger.connectors.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.connectors.preflight.Finding.Mender;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.Knobs;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/** Every finding provoked at a server that misbehaves on demand. */
@Timeout(60)
class PreflightTest {

    private static final OutboundClient CLIENT = OutboundClient.guarded(List.of("127.0.0.1"), true);

    private final DemoProvider provider = DemoProvider.start();
    private final Knobs knobs = provider.knobs();

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void aGoodServerWillWorkAndIsLeftWithoutTraces() {
        PreflightReport report = look(provider.mcpUrl());

        assertThat(report.verdict()).as(PlainText.of(report)).isEqualTo(Verdict.WILL_WORK);
        assertThat(report.authType()).isEqualTo("oauth");
        assertThat(report.findings())
                .extracting(Finding::id)
                .contains(
                        "address",
                        "reachable",
                        "transport",
                        "authorization",
                        "resource-metadata",
                        "authorization-servers",
                        "server-metadata",
                        "issuer",
                        "pkce",
                        "registration",
                        "redirect-uri",
                        "client-authentication",
                        "resource-parameter",
                        "pushed-requests",
                        "iss-parameter",
                        "refresh")
                .doesNotHaveDuplicates();
        assertThat(report.findings()).noneMatch(finding -> finding.grade() == Grade.PROBLEM);
        assertThat(provider.requests()).noneMatch(request -> request.path().matches("/(register|token|authorize|par)"));
    }

    @Test
    void anOpenServerNeedsNoAuthorization() {
        PreflightReport report = look(provider.openMcpUrl());

        assertThat(report.authType()).isEqualTo("none");
        assertThat(report.verdict()).as(PlainText.of(report)).isEqualTo(Verdict.WILL_WORK);
        assertThat(finding(report, "tools").facts())
                .extracting(Finding.Fact::value)
                .containsExactly("" + knobs.tools.size());
    }

    @Test
    void aServerThatTakesKeysNeedsYouFirst() {
        PreflightReport report = look(provider.apiKeyMcpUrl());

        assertThat(report.verdict()).as(PlainText.of(report)).isEqualTo(Verdict.NEEDS_YOU_FIRST);
        assertThat(report.authType()).isEqualTo("bearer");
        assertThat(report.first()).contains("API key");
    }

    @Test
    void aServerThatListsForEverybodyButPublishesWhereToGetATokenUsesOAuth() {
        knobs.openList = true;

        PreflightReport report = look(provider.mcpUrl());

        assertThat(report.authType()).isEqualTo("oauth");
        assertThat(finding(report, "authorization").grade()).isEqualTo(Grade.NOTE);
        assertThat(finding(report, "tools").grade()).isEqualTo(Grade.OK);
    }

    @Test
    void nobodyAtTheAddressWillNotWork() {
        URI url = provider.mcpUrl();
        provider.close();

        PreflightReport report = look(url);

        expectProblem(report, "reachable", Mender.PROVIDER, FailureCode.MCP_UNREACHABLE);
        assertThat(report.verdict()).isEqualTo(Verdict.WILL_NOT_WORK);
    }

    @Test
    void anAddressInsideOurNetworkNeedsTheOperator() {
        PreflightReport report = look(URI.create("https://10.0.0.1/mcp"));

        expectProblem(report, "address", Mender.YOU, FailureCode.UNSAFE_ADDRESS);
        assertThat(report.first()).contains("claviger.outbound.allow");
    }

    @Test
    void plainHttpOutsideThisMachineIsRefused() {
        PreflightReport report = look(URI.create("http://mcp.example.com/mcp"));

        expectProblem(report, "address", Mender.YOU, FailureCode.UNSAFE_ADDRESS);
    }

    @Test
    void somethingElseThanAnMcpServerNeedsAnotherUrl() {
        PreflightReport report = look(provider.issuer().resolve("/nothing-here"));

        assertThat(finding(report, "transport").grade()).isEqualTo(Grade.PROBLEM);
        assertThat(finding(report, "transport").fix()).contains("path of the URL");
    }

    @Test
    void aServerWithoutCommonRevisionWillNotWork() {
        knobs.unsupportedVersion = true;

        expectProblem(look(provider.openMcpUrl()), "transport", Mender.PROVIDER, FailureCode.MCP_VERSION_UNSUPPORTED);
    }

    @Test
    void aServerWithoutToolsWillNotWork() {
        knobs.noToolsCapability = true;

        expectProblem(look(provider.openMcpUrl()), "tools", Mender.PROVIDER, FailureCode.NO_TOOLS_CAPABILITY);
    }

    @Test
    void anEmptyListIsAWarning() {
        knobs.emptyToolList = true;

        expectWarning(look(provider.openMcpUrl()), "tools");
    }

    @Test
    void metadataOfAnotherResourceWillNotWorkAndIsNotShown() {
        knobs.resourceOverride = "https://attacker.example/mcp";

        PreflightReport report = look(provider.mcpUrl());

        expectProblem(report, "resource-metadata", Mender.PROVIDER, FailureCode.RESOURCE_MISMATCH);
        assertThat(json(report)).doesNotContain("attacker.example");
    }

    @Test
    void metadataOfAParentIsWorthANote() {
        knobs.resourceOverride = provider.mcpUrl().resolve("/").toString();

        PreflightReport report = look(provider.mcpUrl());

        assertThat(finding(report, "resource-metadata").grade()).isEqualTo(Grade.NOTE);
        assertThat(report.verdict()).isEqualTo(Verdict.WILL_WORK);
    }

    @Test
    void aChallengeWithoutWordsIsWorthANote() {
        knobs.noChallengeHeader = true;

        assertThat(finding(look(provider.mcpUrl()), "authorization").grade()).isEqualTo(Grade.NOTE);
    }

    @Test
    void anAuthorizationServerOnTheServersOwnOriginIsWorthANote() {
        knobs.noProtectedResourceMetadata = true;
        knobs.authorizationServerOnMcpOrigin = true;

        PreflightReport report = look(provider.mcpUrl());

        assertThat(finding(report, "resource-metadata").grade()).isEqualTo(Grade.NOTE);
        assertThat(finding(report, "issuer").grade()).isEqualTo(Grade.OK);
    }

    @Test
    void metadataThatIsNowhereNeedsYouFirst() {
        knobs.noWellKnown = true;

        PreflightReport report = look(provider.mcpUrl());

        expectProblem(report, "server-metadata", Mender.YOU, FailureCode.NO_AUTHORIZATION_SERVER);
        assertThat(finding(report, "server-metadata").facts())
                .extracting(Finding.Fact::name)
                .contains("HTTP 404");
    }

    @Test
    void aPageInPlaceOfMetadataIsSaidToBeOne() {
        knobs.metadataHtml = true;

        assertThat(finding(look(provider.mcpUrl()), "server-metadata").facts())
                .extracting(Finding.Fact::name)
                .contains("HTTP 200, a page for people");
    }

    @Test
    void endlessMetadataEndsAtALimit() {
        knobs.metadataHuge = true;

        expectProblem(look(provider.mcpUrl()), "server-metadata", Mender.PROVIDER, FailureCode.LIMIT_EXCEEDED);
    }

    @Test
    void aMismatchOfIssuersNeedsYouFirstAndTheRestIsSeenBehindIt() {
        knobs.publishedIssuer = "https://another.example";

        PreflightReport report = look(provider.mcpUrl());

        expectProblem(report, "issuer", Mender.YOU, FailureCode.ISSUER_MISMATCH);
        assertThat(finding(report, "issuer").facts())
                .containsExactly(
                        new Finding.Fact("Asked for", provider.issuer().toString()),
                        new Finding.Fact("Named", "https://another.example"));
        assertThat(finding(report, "registration").grade()).isEqualTo(Grade.OK);
    }

    @Test
    void severalAuthorizationServersAreWorthANote() {
        knobs.moreAuthorizationServers = List.of("http://127.0.0.1:9");

        Finding servers = finding(look(provider.mcpUrl()), "authorization-servers");

        assertThat(servers.grade()).isEqualTo(Grade.NOTE);
        assertThat(servers.facts()).hasSize(2);
    }

    @Test
    void requestsThatMustBePushedAreWorthANote() {
        knobs.requirePushedRequests = true;

        assertThat(finding(look(provider.mcpUrl()), "pushed-requests").grade()).isEqualTo(Grade.NOTE);
    }

    @Test
    void withoutPkceItWillNotWork() {
        knobs.noPkceMetadata = true;

        expectProblem(look(provider.mcpUrl()), "pkce", Mender.PROVIDER, FailureCode.PKCE_NOT_SUPPORTED);
    }

    @Test
    void endpointsThatAreNoneWillNotWork() {
        knobs.javascriptEndpoints = true;

        PreflightReport report = look(provider.mcpUrl());

        expectProblem(report, "server-metadata", Mender.PROVIDER, FailureCode.UNSAFE_ADDRESS);
        assertThat(json(report)).doesNotContain("javascript:");
    }

    @Test
    void withoutRegistrationAClientMustBeMadeByHand() {
        knobs.noRegistrationEndpoint = true;

        PreflightReport report = look(provider.mcpUrl());

        expectProblem(report, "registration", Mender.YOU, FailureCode.NO_CLIENT_REGISTRATION);
        assertThat(report.first()).contains("https://claviger.example/oauth/callback");
        assertThat(report.verdict()).isEqualTo(Verdict.NEEDS_YOU_FIRST);
    }

    @Test
    void aRedirectUriOverPlainHttpMustBeMendedFirst() {
        PreflightReport report = look(provider.mcpUrl(), "http://claviger.internal");

        expectProblem(report, "redirect-uri", Mender.YOU, FailureCode.REDIRECT_URI_REFUSED);
        assertThat(report.first()).contains("claviger.public-url");
    }

    @Test
    void aRedirectUriOnThisMachineIsWorthANote() {
        assertThat(finding(look(provider.mcpUrl(), "http://localhost:8080"), "redirect-uri")
                        .grade())
                .isEqualTo(Grade.NOTE);
    }

    @Test
    void authenticationThatWeDoNotKnowWillNotWork() {
        knobs.tokenEndpointAuthMethod = "tls_client_auth";

        expectProblem(
                look(provider.mcpUrl()), "client-authentication", Mender.PROVIDER, FailureCode.NO_CLIENT_REGISTRATION);
    }

    @Test
    void withoutRefreshTokensItWillProbablyWork() {
        knobs.grantTypesSupported = List.of("authorization_code");
        knobs.scopesSupported = List.of("notes:read");

        PreflightReport report = look(provider.mcpUrl());

        expectWarning(report, "refresh");
        assertThat(report.verdict()).isEqualTo(Verdict.WILL_PROBABLY_WORK);
    }

    @Test
    void responsesWithoutIssuerAreWorthANote() {
        knobs.advertiseIss = false;

        assertThat(finding(look(provider.mcpUrl()), "iss-parameter").grade()).isEqualTo(Grade.NOTE);
    }

    @Test
    void tellsWhatItHasBeforeItHasAll() {
        List<PreflightReport> soFar = new ArrayList<>();

        preflight("https://claviger.example").run(provider.mcpUrl().toString(), soFar::add);

        assertThat(soFar).isNotEmpty();
        assertThat(soFar.get(0).verdict()).isNull();
        assertThat(soFar.get(0).findings()).extracting(Finding::id).contains("reachable");
    }

    @Test
    void aSlowServerDoesNotHoldItUpForEver() {
        knobs.mcpDelay = Duration.ofSeconds(30);
        long start = System.nanoTime();

        look(provider.mcpUrl());

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Preflight.TIME_LIMIT.plusSeconds(3));
    }

    @Test
    void aReportSurvivesBeingStored() {
        PreflightReport report = look(provider.mcpUrl());

        assertThat(JsonMapper.shared().readValue(json(report), PreflightReport.class))
                .isEqualTo(report);
    }

    @Test
    void textNamesVerdictFindingsAndFixes() {
        knobs.noRegistrationEndpoint = true;

        assertThat(PlainText.of(look(provider.mcpUrl())))
                .contains(
                        "Will Connect work with " + provider.mcpUrl(),
                        "PROBLEM   The authorization server does not register clients by itself.",
                        "CLV-111",
                        "Needs you first.\nFirst: Register Claviger with the provider");
    }

    private PreflightReport look(URI url) {
        return look(url, "https://claviger.example");
    }

    private static PreflightReport look(URI url, String publicUrl) {
        return preflight(publicUrl).run(url.toString());
    }

    private static Preflight preflight(String publicUrl) {
        return Preflight.with(CLIENT, publicUrl, Clock.systemUTC());
    }

    private static Finding finding(PreflightReport report, String id) {
        return report.findings().stream()
                .filter(finding -> finding.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No finding " + id + " in\n" + PlainText.of(report)));
    }

    private static void expectProblem(PreflightReport report, String id, Mender mender, FailureCode code) {
        Finding finding = finding(report, id);
        assertThat(finding.grade()).as(PlainText.of(report)).isEqualTo(Grade.PROBLEM);
        assertThat(finding.mender()).isEqualTo(mender);
        assertThat(finding.code()).isEqualTo(code);
        assertThat(finding.fix()).isNotBlank();
        assertThat(report.verdict()).isEqualTo(mender == Mender.YOU ? Verdict.NEEDS_YOU_FIRST : Verdict.WILL_NOT_WORK);
    }

    private static void expectWarning(PreflightReport report, String id) {
        assertThat(finding(report, id).grade()).as(PlainText.of(report)).isEqualTo(Grade.WARNING);
        assertThat(finding(report, id).fix()).isNotBlank();
    }

    private static String json(PreflightReport report) {
        return JsonMapper.shared().writeValueAsString(report);
    }
}
