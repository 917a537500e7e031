package dev.claviger.oauth.protocol;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.claviger.demoprovider.Fuzzer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FuzzTest {

    private static final int RUNS = 5_000;

    private static final String RESOURCE =
            "{\"resource\":\"https://mcp.example/mcp\",\"authorization_servers\":[\"https://as.example\"],"
                    + "\"scopes_supported\":[\"read\",\"write\"]}";
    private static final String SERVER =
            "{\"issuer\":\"https://as.example\",\"authorization_endpoint\":\"https://as.example/authorize\","
                    + "\"token_endpoint\":\"https://as.example/token\",\"code_challenge_methods_supported\":[\"S256\"],"
                    + "\"registration_endpoint\":\"https://as.example/register\"}";

    static Stream<Arguments> targets() {
        return Stream.of(
                Arguments.of(
                        FuzzTargets.Challenge.class,
                        List.of(
                                "Basic realm=\"x\", Bearer error=\"insufficient_scope\", scope=\"a b\","
                                        + " resource_metadata=\"https://mcp.example/x\"",
                                "Negotiate YWJj==, Bearer scope=a")),
                Arguments.of(FuzzTargets.ResourceMetadata.class, List.of(RESOURCE)),
                Arguments.of(FuzzTargets.ServerMetadata.class, List.of(SERVER)),
                Arguments.of(
                        FuzzTargets.Registration.class,
                        List.of(
                                "{\"client_id\":\"c\",\"client_secret\":\"s\",\"client_secret_expires_at\":0,"
                                        + "\"token_endpoint_auth_method\":\"client_secret_basic\","
                                        + "\"registration_access_token\":\"t\","
                                        + "\"registration_client_uri\":\"https://as.example/r\"}",
                                "{\"error\":\"invalid_redirect_uri\",\"error_description\":\"no\"}")),
                Arguments.of(
                        FuzzTargets.TokenResponse.class,
                        List.of(
                                "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":3600,"
                                        + "\"refresh_token\":\"r\",\"scope\":\"read write\"}",
                                "{\"error\":\"invalid_grant\",\"error_description\":\"dEmOsEcReT is bad\"} ",
                                "{\"error\":{\"code\":\"x\"}}")),
                Arguments.of(
                        FuzzTargets.AssertionResponse.class,
                        List.of("{\"access_token\":\"a\",\"token_type\":\"N_A\","
                                + "\"issued_token_type\":\"urn:ietf:params:oauth:token-type:id-jag\"}")),
                Arguments.of(
                        FuzzTargets.AuthorizationResponseParameters.class,
                        List.of("state&code&https://as.example", "state&&&access_denied&because")),
                Arguments.of(
                        FuzzTargets.WholeDiscovery.class,
                        List.of("4Bearer resource_metadata=\"https://mcp.example/x\"\n\u00012\n" + RESOURCE
                                + "\u00012\n" + SERVER)),
                Arguments.of(
                        FuzzTargets.Address.class,
                        List.of("https://mcp.example/mcp", "https://[::ffff:127.0.0.1]:443/", "https://0x7f.1/")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void letsOutNothingButExceptionsOfOurs(Class<?> target, List<String> seeds, @TempDir Path scratch)
            throws Exception {
        assumeTrue(Fuzzer.isHere(), "Jazzer's native part is tried on Linux on amd64 only");
        Fuzzer.tryOn(target, RUNS, seeds, scratch);
    }
}
