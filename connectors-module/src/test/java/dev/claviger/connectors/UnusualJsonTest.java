package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.oauth.api.OAuthSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class UnusualJsonTest {

    private final JsonMapper json = JsonMapper.builder().findAndAddModules().build();

    @Test
    void namesTheHeadersThatHaveNoValue() {
        assertThat(errors("""
                {"name": "Wiki", "url": "https://wiki.example/mcp", "authType": "none", "customHeaders": {"X-A": null}}
                """)).containsOnlyKeys("customHeaders");
    }

    @Test
    void namesEveryFieldThatIsMissing() {
        assertThat(errors("{}")).containsOnlyKeys("name", "url", "authType");
        assertThat(errors("""
                {"name": null, "url": null, "authType": null, "mode": null, "customHeaders": null, "oauth": null,
                 "token": null}
                """)).containsOnlyKeys("name", "url", "authType");
    }

    @Test
    void refusesTextThatNoDatabaseKeeps() {
        assertThat(errors("""
                {"name": "Wiki\\u0000", "url": "https://wiki.example/\\ud800", "authType": "none"}
                """)).containsOnlyKeys("name", "url");
        assertThat(AgentEntry.of("Scribe\u0000", "\ud800").errors()).containsOnlyKeys("name", "description");
        assertThat(Pager.search("\u0000")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"tools\": null}", "{\"tools\": [null]}", "{\"tools\": [\"\"]}"})
    void asksWhichTools(String body) {
        assertThatThrownBy(() -> json.readValue(body, AgentJson.Tools.class).named())
                .isInstanceOfSatisfying(
                        WrongFields.class, wrong -> assertThat(wrong.errors()).containsOnlyKeys("tools"));
    }

    @Test
    void takesNoToolsForAnAnswer() {
        assertThat(json.readValue("{\"tools\": []}", AgentJson.Tools.class).named())
                .isEqualTo(List.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'grant': 'password' | grant",
                "'grant': 'client_credentials' | clientId",
                "'grant': 'client_credentials', 'clientId': 'c' | grant",
                "'grant': 'client_credentials', 'clientId': 'c', 'clientSecret': 's' | ",
                "'privateKey': 'PEM' | clientId",
                "'clientId': 'c', 'privateKey': 'PEM' | ",
                "'clientId': 'c', 'privateKey': 'PEM', 'signingAlgorithm': 'ES256' | ",
                "'clientId': 'c', 'privateKey': 'PEM', 'signingAlgorithm': 'RS256' | signingAlgorithm",
                "'clientId': 'c', 'privateKey': 'PEM', 'signingAlgorithm': 'none' | signingAlgorithm",
                "'clientId': 'c', 'privateKey': 'PEM', 'clientSecret': 's' | clientId privateKey",
                "'clientId': 'c', 'signingAlgorithm': 'ES256' | privateKey",
                "'clientId': 'c', 'privateKey': '-----BEGIN CERTIFICATE-----' | privateKey",
                "'clientId': 'c', 'issuer': 'https://as.example' | ",
                "'clientId': 'c', 'issuer': 'as.example' | issuer",
                "'issuer': 'https://as.example' | clientId",
                "'resource': {'way': 'omit'} | ",
                "'resource': {'way': 'omit', 'value': 'x'} | resource",
                "'resource': {'way': 'override'} | resource",
                "'resource': {'way': 'override', 'value': 'relative'} | resource",
                "'resource': {'way': 'override', 'value': 'https://a.example/mcp/#x'} | resource",
                "'resource': {'way': 'override', 'value': 'api://a-b-c/'} | ",
                "'resource': {'way': 'audience', 'value': 'any thing'} | ",
                "'resource': {} | resource",
                "'issuerException': {'expected': 'https://a.example'} | issuerException",
                "'issuerException': {'expected': 'https://a.example', 'published': 'https://a.example'} | issuerException",
                "'issuerException': {'expected': 'https://a.example', 'published': 'https://a.example/'} | ",
                "'grant': 'enterprise_managed', 'clientId': 'c' | identityProvider.issuer identityProvider.tokenEndpoint identityProvider.clientId identityProvider.subjectToken",
                "'grant': 'enterprise_managed', 'clientId': 'c', 'identityProvider': {'issuer': 'https://i.example', 'tokenEndpoint': 'http://i.example/t', 'clientId': 'u', 'subjectToken': 't'} | identityProvider.tokenEndpoint",
                "'grant': 'enterprise_managed', 'clientId': 'c', 'identityProvider': {'issuer': 'https://i.example', 'tokenEndpoint': 'https://i.example/t', 'clientId': 'u', 'subjectToken': 't', 'subjectTokenType': 'jwt'} | identityProvider.subjectTokenType",
                "'grant': 'enterprise_managed', 'clientId': 'c', 'identityProvider': {'issuer': 'https://i.example', 'tokenEndpoint': 'https://i.example/t', 'clientId': 'u', 'subjectToken': 't'} | ",
            })
    void saysWhichOAuthSettingIsWrong(String oauth, @Nullable String wrong) {
        String body = """
                {"name": "Wiki", "url": "https://wiki.example/mcp", "authType": "oauth", "oauth": {%s}}
                """.formatted(
                        oauth.replace("PEM", Fixtures.PEM.replace("\n", "\\n")).replace('\'', '"'));
        assertThat(errors(body).keySet()).containsExactlyInAnyOrder(wrong == null ? new String[0] : wrong.split(" "));
    }

    @Test
    void sealsAKeyWithTheUsualAlgorithmOfItsKind() {
        String body = """
                {"name": "Wiki", "url": "https://wiki.example/mcp", "authType": "oauth",
                 "oauth": {"clientId": "c", "privateKey": "%s"}}
                """.formatted(Fixtures.PEM.replace("\n", "\\r\\n"));
        List<Secret> sealed = new ArrayList<>();
        OAuthSettings settings = json.readValue(body, ConnectorJson.Body.class)
                .entry()
                .sealed(OAuthSecrets.NONE, (purpose, secret) -> {
                    assertThat(purpose).isEqualTo(SecretPurpose.PRIVATE_KEY);
                    sealed.add(secret);
                    return Fixtures.TOKEN;
                })
                .oauth();
        assertThat(sealed).containsExactly(Secret.of(Fixtures.PEM));
        assertThat(settings.privateKey()).isEqualTo(Fixtures.TOKEN);
        assertThat(settings.signingAlgorithm()).isEqualTo("ES256");
    }

    private Map<String, String> errors(String body) {
        return json.readValue(body, ConnectorJson.Body.class).entry().errors(Fixtures.check(), OAuthSecrets.NONE);
    }
}
