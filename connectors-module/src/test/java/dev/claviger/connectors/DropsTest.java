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
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DropsTest {

    private static final SecretRef SECRET = new SecretRef(UUID.randomUUID(), "f1");
    private static final OAuthSettings CLIENT = new OAuthSettings(null, null, "client", SECRET, null);

    @Test
    void losesNothingWhenOnlyNameOrScopesChange() {
        assertThat(Drops.of(
                        connected(CLIENT),
                        form("New name", "https://a/mcp", "oauth", "client", "read")
                                .entry(),
                        0))
                .isEmpty();
    }

    @Test
    void anotherUrlLosesConnectionToolsAndClientSecret() {
        assertThat(Drops.of(
                        connected(CLIENT),
                        form("Wiki", "https://b/mcp", "oauth", "client", null).entry(),
                        0))
                .hasSize(3)
                .anyMatch(drop -> drop.contains("credential is revoked"))
                .anyMatch(drop -> drop.contains("12 known tools"))
                .anyMatch(drop -> drop.contains("client secret"));
    }

    @Test
    void aStoredClientSecretGoesToNoOtherClientAndNoOtherServer() {
        ConnectorSettings now = settings(CLIENT);
        assertThat(Drops.keptClientSecret(
                        now,
                        form("x", "https://a/mcp", "oauth", "client", null)
                                .entry()
                                .settings(null)))
                .isEqualTo(SECRET);
        assertThat(Drops.keptClientSecret(
                        now,
                        form("x", "https://a/mcp", "oauth", "other", null)
                                .entry()
                                .settings(null)))
                .isNull();
        assertThat(Drops.keptClientSecret(
                        now,
                        form("x", "https://b/mcp", "oauth", "client", null)
                                .entry()
                                .settings(null)))
                .isNull();
        assertThat(Drops.keptClientSecret(
                        now,
                        form("x", "https://a/mcp", "bearer", "client", null)
                                .entry()
                                .settings(null)))
                .isNull();
    }

    @Test
    void anUnconnectedConnectorLosesNothing() {
        ConnectorRow row = row(0, 0);
        ConnectorDetail unconnected =
                new ConnectorDetail(row, settings(OAuthSettings.AUTOMATIC), null, null, false, Instant.EPOCH);
        assertThat(Drops.of(
                        unconnected,
                        form("Wiki", "https://b/mcp", "bearer", null, null).entry(),
                        0))
                .isEmpty();
    }

    @Test
    void saysWhoseChoiceOfToolsGoes() {
        assertThat(Drops.of(
                        connected(CLIENT),
                        form("Wiki", "https://b/mcp", "oauth", "client", null).entry(),
                        2))
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
        ConnectorForm corrected = new ConnectorForm(
                "Wiki",
                "https://a/mcp",
                "api_key_header",
                "shared",
                "X-Api-Key",
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        assertThat(Drops.of(connected, corrected.entry(), 0))
                .containsExactly(
                        "The connection ends and its stored key is destroyed: enter it again to stay connected.");
    }

    @Test
    void aRetypedClientSecretConnectsAgain() {
        ConnectorForm form = new ConnectorForm(
                "Wiki",
                "https://a/mcp",
                "oauth",
                "shared",
                null,
                null,
                null,
                null,
                "client",
                TypedSecret.valueOf("again"),
                null,
                null);
        assertThat(ConnectorFormController.connectsAfter(connected(CLIENT), form.entry()))
                .isTrue();
        assertThat(ConnectorFormController.connectsAfter(
                        connected(CLIENT),
                        form("Wiki", "https://a/mcp", "oauth", "client", null).entry()))
                .isFalse();
    }

    private static ConnectorForm form(String name, String url, String auth, String clientId, String scope) {
        return new ConnectorForm(name, url, auth, "shared", null, null, null, null, clientId, null, scope, null);
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
