package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.MasterKeyStatus;
import dev.claviger.demoprovider.DemoProvider.RegisteredClient;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Provokes every failure that an admin can meet, and follows the link from where it is met to its explanation. */
@ClavigerTest
@TestPropertySource(
        properties = {
            "A_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            // The service of the second one never answers.
            "claviger.vault.master-keys=env:A_KEY,hcvault+http://127.0.0.1:1/transit/keys/away",
            "claviger.vault.hcvault-token=none"
        })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryFailureIsExplainedTest {

    /** Answers the page on which the failure is met. */
    private interface Scenario {
        String provoke(Provocation it) throws Exception;
    }

    private final Map<FailureCode, Scenario> scenarios = new EnumMap<>(FailureCode.class);
    private final Map<FailureCode, Future<String>> pages = new EnumMap<>(FailureCode.class);
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private MasterKeyStatus masterKeys;

    @Value("${claviger.public-url}")
    private String base;

    @TempDir
    private static Path temporary;

    @BeforeAll
    void provokeAll() {
        discovery();
        clients();
        consent();
        tokens();
        tools();
        health();
        connections();
        credentials();
        scenarios.forEach((code, scenario) -> pages.put(code, threads.submit(() -> {
            try (Provocation it = new Provocation(base, jdbc, code)) {
                return scenario.provoke(it);
            }
        })));
    }

    @AfterAll
    void end() {
        threads.shutdownNow();
    }

    @Test
    void leavesNoFailureOut() {
        assertThat(scenarios.keySet()).isEqualTo(EnumSet.allOf(FailureCode.class));
    }

    @ParameterizedTest
    @EnumSource
    void leadsFromTheFailureToItsExplanation(FailureCode code) throws Exception {
        assertThat(pages.get(code).get()).as(code.code()).contains("/help/" + code.code());
        assertThat(new Claviger(base).signedIn().get("/help/" + code.code()))
                .satisfies(page -> assertThat(page.statusCode()).isEqualTo(200))
                .satisfies(page -> assertThat(page.body())
                        .contains(code.code(), "What happened", "Likely cause", "What to do", "What we sent and got"));
    }

    private void discovery() {
        scenarios.put(
                FailureCode.SERVER_UNREACHABLE,
                it -> it.failsToConnect(it.claviger.oauthConnector(
                        "Nobody", URI.create("http://127.0.0.1:" + closedPort() + "/mcp"), "shared")));
        scenarios.put(
                FailureCode.NO_AUTHORIZATION_SERVER,
                it -> it.failsToConnect(knobs -> {
                    knobs.noProtectedResourceMetadata = true;
                    knobs.noWellKnown = true;
                }));
        scenarios.put(
                FailureCode.RESOURCE_MISMATCH,
                it -> it.failsToConnect(knobs -> knobs.resourceOverride = "https://other.example/mcp"));
        scenarios.put(FailureCode.ISSUER_MISMATCH, it -> it.failsToConnect(knobs -> knobs.wrongMetadataIssuer = true));
        scenarios.put(FailureCode.PKCE_NOT_SUPPORTED, it -> it.failsToConnect(knobs -> knobs.noPkceMetadata = true));
        scenarios.put(
                FailureCode.UNSAFE_ADDRESS, it -> it.failsToConnect(knobs -> knobs.metadataServiceEndpoints = true));
        scenarios.put(
                FailureCode.METADATA_MALFORMED, it -> it.failsToConnect(knobs -> knobs.duplicateMetadataKeys = true));
        scenarios.put(FailureCode.CERTIFICATE_NOT_TRUSTED, it -> {
            HttpsServer server = selfSigned();
            try {
                return it.failsToConnect(it.claviger.oauthConnector(
                        "Self-signed",
                        URI.create("https://localhost:" + server.getAddress().getPort() + "/mcp"),
                        "shared"));
            } finally {
                server.stop(0);
            }
        });
        scenarios.put(FailureCode.ISSUER_CHANGED, it -> {
            Connector connector = it.oauth();
            it.claviger.connectWithConsent(it.provider, connector, null);
            it.knobs().issuerPath = "/moved";
            String attempt = Claviger.attempt(it.claviger.connect(connector));
            it.claviger.admin("POST", "/api/v1/connections/" + attempt + "/decline-issuer", null);
            return it.failed(attempt);
        });
    }

    private void clients() {
        scenarios.put(
                FailureCode.NO_CLIENT_REGISTRATION,
                it -> it.failsToConnect(knobs -> knobs.noRegistrationEndpoint = true));
        scenarios.put(
                FailureCode.REGISTRATION_REFUSED, it -> it.failsToConnect(knobs -> knobs.refuseRegistration = true));
        scenarios.put(
                FailureCode.REDIRECT_URI_REFUSED, it -> it.failsToConnect(knobs -> knobs.refuseRedirectUri = true));
        scenarios.put(
                FailureCode.REGISTRATION_UNREACHABLE, it -> it.failsToConnect(knobs -> knobs.registration503 = true));
        scenarios.put(
                FailureCode.CLIENT_OF_ANOTHER_ISSUER,
                it -> it.failsToConnect(
                        it.oauth(Map.of("clientId", it.client().clientId(), "issuer", "https://login.acme.example"))));
    }

    private void consent() {
        scenarios.put(FailureCode.CONSENT_DENIED, it -> {
            JsonNode asked = it.asked(it.oauth());
            return it.failsOn(Claviger.attempt(asked), it.provider.deny(Claviger.authorizationUrl(asked)));
        });
        scenarios.put(FailureCode.CONSENT_EXPIRED, it -> {
            String attempt = Claviger.attempt(it.asked(it.oauth()));
            it.now("oauth.expire-consent", attempt);
            return it.failed(attempt);
        });
        scenarios.put(FailureCode.WRONG_ISSUER, it -> {
            it.knobs().wrongIss = true;
            JsonNode asked = it.asked(it.oauth());
            return it.failsOn(Claviger.attempt(asked), it.provider.approve(Claviger.authorizationUrl(asked)));
        });
        scenarios.put(FailureCode.AUTHORIZATION_REFUSED, it -> {
            it.knobs().authorizationError = "invalid_scope";
            JsonNode asked = it.asked(it.oauth());
            return it.failsOn(Claviger.attempt(asked), it.provider.approve(Claviger.authorizationUrl(asked)));
        });
        scenarios.put(
                FailureCode.STATE_UNKNOWN,
                it -> it.claviger
                        .callback(it.approvedWith(
                                it.asked(it.oauth()), "state", UUID.randomUUID().toString()))
                        .body());
        scenarios.put(FailureCode.STATE_OTHER_SESSION, it -> {
            String location = it.provider.approve(Claviger.authorizationUrl(it.asked(it.oauth())));
            return it.browser().get(it.claviger.path(location)).body();
        });
        scenarios.put(FailureCode.STATE_REPLAYED, it -> {
            JsonNode asked = it.asked(it.oauth());
            String location = it.provider.approve(Claviger.authorizationUrl(asked));
            it.claviger.callback(location);
            it.claviger.decided(Claviger.attempt(asked));
            return it.claviger.callback(location).body();
        });
        scenarios.put(
                FailureCode.PUSHED_REQUEST_REFUSED,
                it -> it.failsToConnect(knobs -> {
                    knobs.requirePushedRequests = true;
                    knobs.refusePushedRequests = "invalid_scope";
                }));
    }

    private void tokens() {
        scenarios.put(FailureCode.CODE_REFUSED, it -> {
            JsonNode asked = it.asked(it.oauth());
            return it.failsOn(Claviger.attempt(asked), it.approvedWith(asked, "code", "of-nobody"));
        });
        scenarios.put(FailureCode.TOKEN_ENDPOINT_UNREACHABLE, it -> {
            JsonNode asked = it.asked(it.oauth());
            it.knobs().tokenEndpoint503 = true;
            return it.failsOn(Claviger.attempt(asked), it.provider.approve(Claviger.authorizationUrl(asked)));
        });
        scenarios.put(FailureCode.TOKEN_RESPONSE_MALFORMED, it -> {
            JsonNode asked = it.asked(it.oauth());
            it.knobs().tokenEndpointHtml = true;
            return it.failsOn(Claviger.attempt(asked), it.provider.approve(Claviger.authorizationUrl(asked)));
        });
        scenarios.put(FailureCode.EXCHANGE_INTERRUPTED, it -> {
            JsonNode asked = it.asked(it.oauth());
            String attempt = Claviger.attempt(asked);
            it.knobs().tokenEndpointDelay = Duration.ofSeconds(5);
            String location = it.provider.approve(Claviger.authorizationUrl(asked));
            CompletableFuture<Reply> exchange = CompletableFuture.supplyAsync(() -> it.claviger.callback(location));
            it.now("oauth.watch-exchange", attempt);
            String page = it.failed(attempt);
            exchange.join();
            return page;
        });
        scenarios.put(FailureCode.GRANT_REFUSED, it -> {
            it.knobs().refuseGrants = true;
            RegisteredClient client = it.client();
            return it.failsToConnect(it.oauth(Map.of(
                    "grant", "client_credentials",
                    "clientId", client.clientId(),
                    "clientSecret", String.valueOf(client.clientSecret()),
                    "issuer", it.provider.issuer().toString())));
        });
        scenarios.put(FailureCode.IDENTITY_PROVIDER_REFUSED, it -> {
            it.knobs().identityProviderRefuses = true;
            RegisteredClient client = it.client();
            RegisteredClient there = it.provider.identityClient();
            return it.failsToConnect(it.oauth(Map.of(
                    "grant", "enterprise_managed",
                    "clientId", client.clientId(),
                    "clientSecret", String.valueOf(client.clientSecret()),
                    "issuer", it.provider.issuer().toString(),
                    "identityProvider",
                            Map.of(
                                    "issuer", it.provider.identityProvider().toString(),
                                    "tokenEndpoint",
                                            it.provider
                                                    .identityProviderTokenEndpoint()
                                                    .toString(),
                                    "clientId", there.clientId(),
                                    "clientSecret", String.valueOf(there.clientSecret()),
                                    "subjectToken", it.provider.idToken()))));
        });
    }

    private void tools() {
        scenarios.put(FailureCode.MCP_UNREACHABLE, it -> it.failsToList(knobs -> knobs.mcp503 = true));
        scenarios.put(FailureCode.CREDENTIAL_REFUSED, it -> {
            Connector connector = it.claviger.connector(Map.of(
                    "name", Claviger.unique("Provoked"),
                    "url", it.provider.bearerMcpUrl().toString(),
                    "authType", "bearer"));
            return it.failed(Claviger.attempt(it.claviger.connect(connector, Map.of("token", "of-nobody"))));
        });
        scenarios.put(FailureCode.MCP_PROTOCOL_ERROR, it -> {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                byte[] page = "{\"hello\": \"world\"}".getBytes(StandardCharsets.UTF_8);
                exchange.getRequestBody().readAllBytes();
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
                exchange.close();
            });
            server.start();
            try {
                return it.shown(it.open(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/")));
            } finally {
                server.stop(0);
            }
        });
        scenarios.put(
                FailureCode.MCP_VERSION_UNSUPPORTED, it -> it.failsToList(knobs -> knobs.unsupportedVersion = true));
        scenarios.put(FailureCode.NO_TOOLS_CAPABILITY, it -> it.failsToList(knobs -> knobs.noToolsCapability = true));
        scenarios.put(FailureCode.EMPTY_LIST_WITHHELD, it -> {
            Connector connector = it.open(it.provider.openMcpUrl());
            it.claviger.awaitTools(connector, 4);
            it.knobs().emptyToolList = true;
            it.claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/sync", null);
            Claviger.until(
                    "the empty list",
                    () -> it.page(connector).contains("/help/" + FailureCode.EMPTY_LIST_WITHHELD.code()));
            return it.page(connector);
        });
        scenarios.put(FailureCode.LIMIT_EXCEEDED, it -> it.failsToList(knobs -> knobs.mcpHuge = true));
        scenarios.put(FailureCode.CREDENTIAL_UNAVAILABLE, it -> {
            Reply refused = it.refused(there -> there.knobs().refreshInvalidGrant = true)
                    .reply();
            assertThat(refused.json().path("type").asString()).isEqualTo(base + "/help/CLV-208");
            assertThat(refused.json().path("code").asString()).isEqualTo("CLV-208");
            return refused.body();
        });
        scenarios.put(FailureCode.INSUFFICIENT_SCOPE, it -> {
            Connector connector = it.oauth();
            it.claviger.connectWithConsent(it.provider, connector, null);
            it.claviger.awaitTools(connector, 4);
            List<String> scopes = new ArrayList<>(it.knobs().scopesSupported);
            scopes.add("notes:admin");
            it.knobs().scopesSupported = scopes;
            it.knobs().callScope = "notes:admin";
            it.knobs().callScopeInVain = true;
            for (int i = 0; i < 2; i++) {
                JsonNode wanted = it.call(connector, "list_notebooks");
                it.claviger.callback(it.provider.approve(Claviger.authorizationUrl(withNext(wanted))));
                it.claviger.decided(Claviger.attempt(wanted));
            }
            return failedCall(it, it.call(connector, "list_notebooks"));
        });
        scenarios.put(FailureCode.TOOL_CALL_REFUSED, it -> {
            Connector connector = it.open(it.provider.openMcpUrl());
            it.claviger.awaitTools(connector, 4);
            it.knobs().tools = List.of();
            return failedCall(it, it.call(connector, "list_notebooks"));
        });
        scenarios.put(FailureCode.TOOL_CALL_INTERRUPTED, it -> {
            Connector connector = it.open(it.provider.openMcpUrl());
            it.claviger.awaitTools(connector, 4);
            it.knobs().mcpDelay = Duration.ofSeconds(1);
            CompletableFuture<JsonNode> call =
                    CompletableFuture.supplyAsync(() -> it.call(connector, "list_notebooks"));
            Claviger.until(
                    "the call to arrive",
                    () -> it.provider.requests().stream()
                            .anyMatch(request -> request.body().contains("\"tools/call\"")));
            it.provider.close();
            return failedCall(it, call.join());
        });
    }

    private void health() {
        scenarios.put(FailureCode.CREDENTIAL_DEAD, it -> {
            Connector connector = it.keyed();
            it.provider.revokeApiKey(it.provider.apiKey());
            it.checks(connector);
            return it.shown(connector);
        });
        scenarios.put(FailureCode.HEALTH_UNPROVEN, it -> {
            it.knobs().takesAnyToken = true;
            Connector connector = it.oauth();
            it.claviger.connectWithConsent(it.provider, connector, null);
            it.says(it.checks(connector).path("failure"));
            return it.page(connector);
        });
    }

    private void connections() {
        scenarios.put(FailureCode.CONNECTION_INTERRUPTED, it -> {
            Connector connector = it.oauth();
            String attempt = Claviger.attempt(it.asked(connector));
            it.claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/disconnect", null);
            return it.failed(attempt);
        });
        scenarios.put(FailureCode.CONNECTION_SUPERSEDED, it -> {
            Connector connector = it.oauth();
            String attempt = Claviger.attempt(it.asked(connector));
            it.asked(connector);
            return it.failed(attempt);
        });
        scenarios.put(FailureCode.WRONG_ACCOUNT, it -> {
            Connector connector = it.oauth();
            it.knobs().account = Map.of("sub", "u-1001");
            it.claviger.connectWithConsent(it.provider, connector, null);
            it.knobs().account = Map.of("sub", "u-1002");
            JsonNode asked = it.asked(connector);
            String attempt = Claviger.attempt(asked);
            it.claviger.callback(it.provider.approve(Claviger.authorizationUrl(asked)));
            it.claviger.decided(attempt);
            it.claviger
                    .admin("POST", "/api/v1/connections/" + attempt + "/discard-account", null)
                    .ok();
            return it.failed(attempt);
        });
    }

    private void credentials() {
        scenarios.put(FailureCode.CREDENTIAL_FROZEN, it -> {
            Connector connector = it.oauth();
            JsonNode asked = it.asked(connector);
            String freeze = UUID.randomUUID().toString();
            it.claviger
                    .admin(
                            "POST",
                            "/api/v1/freezes",
                            Map.of("id", freeze, "subject", "connector:" + connector.id(), "reason", "A drill"))
                    .ok();
            String page = it.failsOn(Claviger.attempt(asked), it.provider.approve(Claviger.authorizationUrl(asked)));
            it.claviger
                    .admin("POST", "/api/v1/freezes/" + freeze + "/thaw", Map.of("reason", "The drill is over"))
                    .ok();
            return page;
        });
        scenarios.put(FailureCode.GRANT_DEAD, it -> {
            Connector connector = it.refused(there -> there.knobs().refreshInvalidGrant = true)
                    .connector();
            Claviger.until(
                    "the dead grant",
                    () -> it.claviger.line(connector).path("status").asString().equals("needs_consent"));
            return it.page(connector);
        });
        scenarios.put(
                FailureCode.REFRESH_UNREACHABLE,
                it -> it.failsToRefresh(there -> there.knobs().tokenEndpointStatus = 500));
        scenarios.put(
                FailureCode.REFRESH_THROTTLED,
                it -> it.failsToRefresh(there -> there.knobs().tokenEndpointStatus = 429));
        scenarios.put(
                FailureCode.REFRESH_DENIED,
                it -> it.failsToRefresh(there -> there.knobs().refreshError = "access_denied"));
        scenarios.put(FailureCode.CLIENT_REFUSED, it -> it.failsToRefresh(there -> there.provider.forgetClients()));
        scenarios.put(FailureCode.MASTER_KEY_UNAVAILABLE, this::underKeyOutOfReach);
        scenarios.put(
                FailureCode.REFRESH_UNKNOWN, it -> it.failsToRefresh(there -> there.knobs().tokenEndpointHtml = true));
        scenarios.put(FailureCode.REFRESH_ANSWER_LOST, it -> {
            var lost = it.refused(there -> there.knobs().tokenEndpointDropsAnswer = true);
            it.knobs().tokenEndpointDropsAnswer = false;
            return it.afterFailing(lost, 1, Duration.ZERO);
        });
        scenarios.put(
                FailureCode.REFRESH_GIVEN_UP,
                it -> it.afterFailing(
                        it.refused(there -> there.knobs().tokenEndpoint503 = true), 100, Duration.ofDays(31)));
    }

    /** What is needed to redeem the code is sealed under a key whose service does not answer. */
    private String underKeyOutOfReach(Provocation it) {
        JsonNode asked = it.asked(it.oauth());
        String attempt = Claviger.attempt(asked);
        int moved = jdbc.sql("""
                        update credentials.secret set key_id = ? where id =
                            (select cast(consent -> 'codeVerifier' ->> 'id' as uuid) from oauth.authorization
                              where authorization_id = cast(? as uuid))""").params(masterKeys.keys().get(1).id(), attempt).update();
        assertThat(moved).isEqualTo(1);
        return it.failsOn(attempt, it.provider.approve(Claviger.authorizationUrl(asked)));
    }

    /** The API of a call says the code with the address of its page. */
    private static String failedCall(Provocation it, JsonNode answer) {
        assertThat(answer.path("state").asString()).as(answer.toString()).isEqualTo("failed");
        it.says(answer.path("failure"));
        return answer.toString();
    }

    private static JsonNode withNext(JsonNode call) {
        return ((tools.jackson.databind.node.ObjectNode) call.deepCopy()).put("next", "authorization_required");
    }

    private static int closedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A server whose certificate nobody vouches for. */
    private static HttpsServer selfSigned() throws Exception {
        Path store = temporary.resolve("self-signed.p12");
        char[] password = "changeit".toCharArray();
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> exchange.close());
        server.start();
        return server;
    }
}
