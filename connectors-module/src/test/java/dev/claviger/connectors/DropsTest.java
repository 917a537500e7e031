package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorRow;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorStatus;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.OAuthSettings;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.oauth.api.OAuthSettings.IdentityProvider;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import dev.claviger.oauth.api.OAuthSettings.ResourceChoice;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DropsTest {

    private static final SecretRef SECRET = new SecretRef(UUID.randomUUID(), "f1");
    private static final OAuthSettings CLIENT = new OAuthSettings(null, null, "client", SECRET, null);

    @Test
    void losesNothingWhenOnlyNameOrScopesChange() {
        assertThat(Drops.of(connected(CLIENT), form("New name", "https://a/mcp", "oauth", "client", "read"), 0))
                .isEmpty();
    }

    @Test
    void anotherUrlLosesConnectionToolsAndClientSecret() {
        assertThat(Drops.of(connected(CLIENT), form("Wiki", "https://b/mcp", "oauth", "client", null), 0))
                .hasSize(3)
                .anyMatch(drop -> drop.contains("credential is revoked"))
                .anyMatch(drop -> drop.contains("12 known tools"))
                .anyMatch(drop -> drop.contains("client secret"));
    }

    @Test
    void aStoredClientSecretGoesToNoOtherClientAndNoOtherServer() {
        ConnectorSettings now = settings(CLIENT);
        assertThat(OAuthSecrets.kept(now, form("x", "https://a/mcp", "oauth", "client", null))
                        .clientSecret())
                .isEqualTo(SECRET);
        assertThat(OAuthSecrets.kept(now, form("x", "https://a/mcp", "oauth", "other", null))
                        .clientSecret())
                .isNull();
        assertThat(OAuthSecrets.kept(now, form("x", "https://b/mcp", "oauth", "client", null))
                        .clientSecret())
                .isNull();
        assertThat(OAuthSecrets.kept(now, form("x", "https://a/mcp", "bearer", "client", null))
                        .clientSecret())
                .isNull();
    }

    @Test
    void anUnconnectedConnectorLosesNothing() {
        ConnectorRow row = row(0, 0);
        ConnectorDetail unconnected =
                new ConnectorDetail(row, settings(OAuthSettings.AUTOMATIC), null, null, false, Instant.EPOCH);
        assertThat(Drops.of(unconnected, form("Wiki", "https://b/mcp", "bearer", null, null), 0))
                .isEmpty();
    }

    @Test
    void saysWhoseChoiceOfToolsGoes() {
        assertThat(Drops.of(connected(CLIENT), form("Wiki", "https://b/mcp", "oauth", "client", null), 2))
                .anyMatch(drop -> drop.startsWith("The choice of tools of 2 agents is forgotten"));
    }

    @Test
    void anotherHeaderNameLosesTheStoredKeyAndSaysSo() {
        ConnectorSettings keyed = new ConnectorSettings(
                "Wiki",
                "https://a/mcp",
                AuthType.API_KEY_HEADER,
                "X-Key",
                Map.of(),
                CredentialMode.SHARED,
                OAuthSettings.AUTOMATIC);
        ConnectorDetail connected =
                new ConnectorDetail(row(1, 12), keyed, new ConnectionId(UUID.randomUUID()), null, false, Instant.EPOCH);
        ConnectorForm corrected =
                new ConnectorForm("Wiki", "https://a/mcp", "api_key_header", "shared", "X-Api-Key", null, null, null);
        assertThat(Drops.of(connected, corrected.entry(OAuthForm.EMPTY), 0))
                .containsExactly(
                        "The connection ends and its stored key is destroyed: enter it again to stay connected.");
    }

    @Test
    void aRetypedClientSecretConnectsAgain() {
        ConnectorEntry retyped = entry(
                "Wiki",
                "https://a/mcp",
                "oauth",
                Fixtures.oauthForm(Map.of("clientId", "client", "clientSecret", "again")));
        assertThat(ConnectorFormController.connectsAfter(connected(CLIENT), retyped))
                .isTrue();
        assertThat(ConnectorFormController.connectsAfter(
                        connected(CLIENT), form("Wiki", "https://a/mcp", "oauth", "client", null)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "grant, client_credentials",
        "issuer, https://as.example",
        "resourceWay, omit",
        "privateKey, -----BEGIN PRIVATE KEY-----",
    })
    void anotherWayToATokenEndsTheConnection(String field, String value) {
        Map<String, String> typed = new HashMap<>(Map.of("clientId", "client"));
        typed.put(field, field.equals("privateKey") ? Fixtures.PEM : value);
        assertThat(Drops.of(connected(CLIENT), entry("Wiki", "https://a/mcp", "oauth", Fixtures.oauthForm(typed)), 0))
                .contains("The connection ends and its credential is revoked.");
    }

    @Test
    void aKeyTakesThePlaceOfTheSecretAndSaysSo() {
        OAuthForm key = Fixtures.oauthForm(Map.of("clientId", "client", "privateKey", Fixtures.PEM));
        assertThat(Drops.of(connected(CLIENT), entry("Wiki", "https://a/mcp", "oauth", key), 0))
                .contains("The stored client secret goes: the client proves itself otherwise now.");
    }

    @Test
    void whatIsStoredForTheIdentityProviderGoesToNoOther() {
        SecretRef subject = new SecretRef(UUID.randomUUID(), "f2");
        ConnectorSettings now = settings(enterprise(subject));
        Map<String, String> same = new HashMap<>(Map.of(
                "clientId", "client",
                "grant", "enterprise_managed",
                "idpIssuer", "https://idp.example",
                "idpTokenEndpoint", "https://idp.example/token",
                "idpClientId", "us"));
        assertThat(OAuthSecrets.kept(now, entry("Wiki", "https://a/mcp", "oauth", Fixtures.oauthForm(same)))
                        .subjectToken())
                .isEqualTo(subject);
        same.put("idpTokenEndpoint", "https://other.example/token");
        ConnectorEntry moved = entry("Wiki", "https://a/mcp", "oauth", Fixtures.oauthForm(same));
        assertThat(OAuthSecrets.kept(now, moved).subjectToken()).isNull();
        assertThat(moved.errors(Fixtures.check(), OAuthSecrets.kept(now, moved)))
                .containsOnlyKeys(SettingsCheck.SUBJECT_TOKEN);
        same.put("grant", "authorization_code");
        assertThat(Drops.of(
                        connected(enterprise(subject)),
                        entry("Wiki", "https://a/mcp", "oauth", Fixtures.oauthForm(same)),
                        0))
                .contains("The stored identity token goes: it belongs to the old settings.");
    }

    @Test
    void takingAnAcceptedMismatchBackEndsTheConnection() {
        OAuthSettings accepted = new OAuthSettings(
                null,
                null,
                null,
                null,
                null,
                null,
                Grant.AUTHORIZATION_CODE,
                null,
                null,
                ResourceChoice.AS_PUBLISHED,
                new IssuerException("https://as.example", "https://other.example"),
                null);
        Map<String, String> typed = new HashMap<>(
                Map.of("expectedIssuer", "https://as.example", "publishedIssuer", "https://other.example"));
        assertThat(Drops.of(connected(accepted), entry("Wiki", "https://a/mcp", "oauth", Fixtures.oauthForm(typed)), 0))
                .isEmpty();
        typed.put("forgetIssuers", "true");
        assertThat(Drops.of(connected(accepted), entry("Wiki", "https://a/mcp", "oauth", Fixtures.oauthForm(typed)), 0))
                .contains("The connection ends and its credential is revoked.");
    }

    private static OAuthSettings enterprise(SecretRef subject) {
        return new OAuthSettings(
                null,
                null,
                "client",
                null,
                null,
                null,
                Grant.ENTERPRISE_MANAGED,
                null,
                null,
                ResourceChoice.AS_PUBLISHED,
                null,
                new IdentityProvider(
                        "https://idp.example",
                        "https://idp.example/token",
                        "us",
                        null,
                        subject,
                        OAuthEntry.Identity.ID_TOKEN));
    }

    private static ConnectorEntry form(
            String name, String url, String auth, @Nullable String clientId, @Nullable String scope) {
        Map<String, String> typed = new HashMap<>();
        typed.put("clientId", clientId);
        typed.put("scope", scope);
        return entry(name, url, auth, Fixtures.oauthForm(typed));
    }

    private static ConnectorEntry entry(String name, String url, String auth, OAuthForm oauth) {
        return new ConnectorForm(name, url, auth, "shared", null, null, null, null).entry(oauth);
    }

    private static ConnectorDetail connected(OAuthSettings oauth) {
        return new ConnectorDetail(
                row(1, 12), settings(oauth), new ConnectionId(UUID.randomUUID()), null, false, Instant.EPOCH);
    }

    private static ConnectorRow row(int live, int tools) {
        return new ConnectorRow(
                new ConnectorId(UUID.randomUUID()),
                "Wiki",
                "wiki",
                "https://a/mcp",
                AuthType.OAUTH,
                CredentialMode.SHARED,
                live > 0 ? ConnectorStatus.CONFIGURED : ConnectorStatus.NOT_CONNECTED,
                live,
                tools,
                null,
                null,
                0,
                0,
                null);
    }

    private static ConnectorSettings settings(OAuthSettings oauth) {
        return new ConnectorSettings(
                "Wiki", "https://a/mcp", AuthType.OAUTH, null, Map.of(), CredentialMode.SHARED, oauth);
    }
}
