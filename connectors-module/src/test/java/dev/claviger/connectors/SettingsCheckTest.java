package dev.claviger.connectors;

import static dev.claviger.connectors.Fixtures.TOKEN;
import static dev.claviger.connectors.Fixtures.URL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.OAuthSettings;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsCheckTest {

    private final SettingsCheck check = Fixtures.check();

    @ParameterizedTest
    @ValueSource(strings = {"Docs", "docs search", "Ünïcode 1", "x"})
    void takesNames(String name) {
        assertThat(check.check(Fixtures.named(Fixtures.shared(AuthType.OAUTH), name)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "___", "日本", "a\nb"})
    void refusesNamesThatTellNothing(String name) {
        assertThat(check.check(Fixtures.named(Fixtures.shared(AuthType.OAUTH), name)))
                .containsOnlyKeys(SettingsCheck.NAME);
    }

    @Test
    void refusesALongName() {
        assertThat(check.check(Fixtures.named(Fixtures.shared(AuthType.OAUTH), "x".repeat(81))))
                .containsOnlyKeys(SettingsCheck.NAME);
    }

    @ParameterizedTest
    @CsvSource({"Docs Search,docs_search", "GitHub,github", "a-b.c,a_b_c", "Ünï 1,_n__1", "' padded ',padded"})
    void makesServerKeys(String name, String key) {
        assertThat(ServerKey.of(name)).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mcp.example",
                "/mcp",
                "http://mcp.example/mcp",
                "ftp://mcp.example/",
                "javascript:alert(1)",
                "https://user:pass@mcp.example/",
                "https:///mcp",
                "https://mcp.example/#part",
                "https://mcp example/"
            })
    void refusesUrls(String url) {
        assertThat(check.check(Fixtures.at(Fixtures.shared(AuthType.NONE), url)))
                .containsOnlyKeys(SettingsCheck.URL);
    }

    @Test
    void refusesALongUrl() {
        assertThat(check.check(Fixtures.at(Fixtures.shared(AuthType.NONE), URL + "x".repeat(2_000))))
                .containsOnlyKeys(SettingsCheck.URL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "COOKIE",
                "Host",
                "Content-Type",
                "Content-Length",
                "Accept",
                "Accept-Encoding",
                "Mcp-Session-Id",
                "MCP-Protocol-Version",
                "Connection",
                "Transfer-Encoding",
                "TE",
                "Upgrade",
                "Proxy-Authorization",
                "X Key",
                "X-Key:",
                "Schlüssel",
                ""
            })
    void refusesHeaderNames(String name) {
        assertThat(check.check(keyed(name))).containsOnlyKeys(SettingsCheck.HEADER_NAME);
        assertThat(check.check(headers(Map.of(name, "v")))).containsOnlyKeys(SettingsCheck.CUSTOM_HEADERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Api-Key", "api_key", "X.Tenant"})
    void takesHeaderNames(String name) {
        assertThat(check.check(keyed(name))).isEmpty();
        assertThat(check.check(headers(Map.of(name, "two words")))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 3_651, Integer.MAX_VALUE})
    void refusesIdleLimitsThatNobodyMeans(int days) {
        assertThat(check.check(Fixtures.shared(AuthType.OAUTH).with(Fixtures.idleLimit(days))))
                .containsOnly(Map.entry(
                        SettingsCheck.REFRESH_TOKEN_IDLE_DAYS,
                        "Enter a whole number of days, 1 to 3650, or leave it blank when you do not know it."));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 14, 3_650})
    void takesIdleLimits(int days) {
        assertThat(check.check(Fixtures.shared(AuthType.OAUTH).with(Fixtures.idleLimit(days))))
                .isEmpty();
    }

    @Test
    void wantsAHeaderNameForAnApiKeyOnly() {
        assertThat(check.check(keyed(null))).containsOnlyKeys(SettingsCheck.HEADER_NAME);
        ConnectorSettings bearer = new ConnectorSettings(
                "Docs", URL, AuthType.BEARER, "X-Api-Key", Map.of(), CredentialMode.SHARED, OAuthSettings.AUTOMATIC);
        assertThat(check.check(bearer)).containsOnlyKeys(SettingsCheck.HEADER_NAME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " v", "v ", "a\r\nX-Evil: 1", "naïve"})
    void refusesHeaderValues(String value) {
        assertThat(check.check(headers(Map.of("X-Tenant", value)))).containsOnlyKeys(SettingsCheck.CUSTOM_HEADERS);
    }

    @Test
    void refusesTooManyHeadersTwoOfANameAndTheKeysOwn() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 21; i++) {
            many.put("X-" + i, "v");
        }
        assertThat(check.check(headers(many))).containsOnlyKeys(SettingsCheck.CUSTOM_HEADERS);
        assertThat(check.check(headers(Map.of("X-A", "1", "x-a", "2")))).containsOnlyKeys(SettingsCheck.CUSTOM_HEADERS);
        ConnectorSettings keyed = new ConnectorSettings(
                "Docs",
                URL,
                AuthType.API_KEY_HEADER,
                "X-Api-Key",
                Map.of("x-api-key", "v"),
                CredentialMode.SHARED,
                OAuthSettings.AUTOMATIC);
        assertThat(check.check(keyed)).containsOnlyKeys(SettingsCheck.CUSTOM_HEADERS);
    }

    @Test
    void refusesEachItsOwnWhereThereIsNothingToOwn() {
        assertThat(check.check(Fixtures.settings(AuthType.NONE, CredentialMode.PER_AGENT)))
                .containsOnlyKeys(SettingsCheck.MODE);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, -, false, -, -",
                "-, -, client, true, a b, -",
                "https://as.example/a, https://as.example/t, client, false, -, -",
                "https://as.example/a, -, client, false, -, tokenEndpoint",
                "-, https://as.example/t, client, false, -, authorizationEndpoint",
                "https://as.example/a, https://as.example/t, -, false, -, clientId",
                "http://as.example/a, https://as.example/t, client, false, -, authorizationEndpoint",
                "https://as.example/a, javascript:x, client, false, -, tokenEndpoint",
                "-, -, -, true, -, clientId",
                "-, -, clïent, false, -, clientId",
                "-, -, -, false, a  b, scope",
                "-, -, -, false, a\"b, scope",
            })
    void checksManualOAuthSettings(
            String authorization, String token, String client, boolean secret, String scope, String wrong) {
        SecretRef clientSecret = secret ? TOKEN : null;
        ConnectorSettings settings = new ConnectorSettings(
                "Docs",
                URL,
                AuthType.OAUTH,
                null,
                Map.of(),
                CredentialMode.SHARED,
                new OAuthSettings(authorization, token, client, clientSecret, scope));
        if (wrong == null) {
            assertThat(check.check(settings)).isEmpty();
        } else {
            assertThat(check.check(settings)).containsOnlyKeys(wrong);
        }
    }

    @Test
    void rejectsWithEverySentence() {
        ConnectorSettings settings = Fixtures.at(Fixtures.named(Fixtures.shared(AuthType.NONE), ""), "");
        assertThatThrownBy(() -> check.demand(settings))
                .isInstanceOf(ConnectorRejected.class)
                .hasMessage("Give the connector a name. Enter the URL of the MCP server.");
    }

    private static ConnectorSettings keyed(String headerName) {
        return new ConnectorSettings(
                "Docs",
                URL,
                AuthType.API_KEY_HEADER,
                headerName,
                Map.of(),
                CredentialMode.SHARED,
                OAuthSettings.AUTOMATIC);
    }

    private static ConnectorSettings headers(Map<String, String> headers) {
        return new ConnectorSettings(
                "Docs", URL, AuthType.NONE, null, headers, CredentialMode.SHARED, OAuthSettings.AUTOMATIC);
    }
}
