package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.oauth.api.OAuthSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectorFormTest {

    @Test
    void leavesOutWhatTheAuthTypeDoesNotNeed() {
        ConnectorForm form = new ConnectorForm(
                " Wiki ",
                " https://wiki.example/mcp ",
                "none",
                "per_agent",
                "X-Key",
                "",
                TypedSecret.valueOf("token"),
                "whoami");
        OAuthForm oauth = Fixtures.oauthForm(
                Map.of("authorizationEndpoint", "https://as/a", "clientId", "id", "clientSecret", "secret"));
        assertThat(form.entry(oauth).foreseen(OAuthSecrets.NONE))
                .isEqualTo(new ConnectorSettings(
                        "Wiki",
                        "https://wiki.example/mcp",
                        AuthType.NONE,
                        null,
                        Map.of(),
                        CredentialMode.SHARED,
                        OAuthSettings.AUTOMATIC));
    }

    @Test
    void readsOneHeaderALine() {
        ConnectorEntry entry = withHeaders("X-Team: research\n\n X-Env : a:b ").entry(OAuthForm.EMPTY);
        assertThat(entry.customHeaders())
                .containsExactlyInAnyOrderEntriesOf(Map.of("X-Team", "research", "X-Env", "a:b"));
        assertThat(entry.unreadable()).isEmpty();
    }

    @Test
    void saysHowHeadersAreWritten() {
        assertThat(withHeaders("research").entry(OAuthForm.EMPTY).unreadable()).containsKey("customHeaders");
        assertThat(withHeaders("A: 1\nA: 2").entry(OAuthForm.EMPTY).unreadable())
                .containsKey("customHeaders");
    }

    @Test
    void readsAfterHowManyDaysARefreshTokenDiesUnused() {
        ConnectorForm form = new ConnectorForm("a", "https://a.example/mcp", "oauth", "shared", null, null, null, null);
        ConnectorEntry days = form.entry(Fixtures.oauthForm(Map.of("refreshTokenIdleDays", " 14 ")));
        assertThat(days.foreseen(OAuthSecrets.NONE).oauth().refreshTokenIdleDays())
                .isEqualTo(14);
        assertThat(OAuthForm.of(days.foreseen(OAuthSecrets.NONE).oauth()).refreshTokenIdleDays())
                .isEqualTo("14");
        assertThat(form.entry(Fixtures.oauthForm(Map.of("refreshTokenIdleDays", "two weeks")))
                        .unreadable())
                .containsOnlyKeys("refreshTokenIdleDays");
        ConnectorEntry withoutPerson =
                form.entry(Fixtures.oauthForm(Map.of("refreshTokenIdleDays", "14", "grant", "client_credentials")));
        assertThat(withoutPerson.foreseen(OAuthSecrets.NONE).oauth().refreshTokenIdleDays())
                .as("a grant without refresh tokens")
                .isNull();
    }

    @Test
    void asksForAChoiceThatIsMissing() {
        ConnectorForm form = new ConnectorForm("a", "b", null, null, null, null, null, null);
        assertThat(form.entry(OAuthForm.EMPTY).unreadable()).containsOnlyKeys("authType");
        ConnectorForm noMode = new ConnectorForm("a", "b", "bearer", "everybody", null, null, null, null);
        assertThat(noMode.entry(OAuthForm.EMPTY).unreadable()).containsOnlyKeys("mode");
    }

    @Test
    void showsStoredSettingsAsTheyWereTyped() {
        ConnectorEntry typed = new ConnectorForm(
                        "Wiki",
                        "https://wiki.example/mcp",
                        "api_key_header",
                        "per_agent",
                        "X-Key",
                        "X-Team: research",
                        null,
                        "whoami")
                .entry(OAuthForm.EMPTY);
        assertThat(ConnectorForm.of(typed.foreseen(OAuthSecrets.NONE))
                        .entry(OAuthForm.EMPTY)
                        .foreseen(OAuthSecrets.NONE))
                .isEqualTo(typed.foreseen(OAuthSecrets.NONE));
    }

    @Test
    void connectsAtOnceWithAllThatIsNeeded() {
        assertThat(form("oauth", "shared", null).entry(OAuthForm.EMPTY).canConnect())
                .isTrue();
        assertThat(form("none", null, null).entry(OAuthForm.EMPTY).canConnect()).isTrue();
        assertThat(form("bearer", "shared", "t").entry(OAuthForm.EMPTY).canConnect())
                .isTrue();
        assertThat(form("bearer", "shared", null).entry(OAuthForm.EMPTY).canConnect())
                .isFalse();
        assertThat(form("oauth", "per_agent", null).entry(OAuthForm.EMPTY).canConnect())
                .isFalse();
        assertThat(form("bearer", "per_agent", "t").entry(OAuthForm.EMPTY).canConnect())
                .isFalse();
    }

    private static ConnectorForm form(String auth, String mode, String token) {
        return new ConnectorForm("a", "b", auth, mode, null, null, TypedSecret.valueOf(token), null);
    }

    private static ConnectorForm withHeaders(String headers) {
        return new ConnectorForm("a", "b", "oauth", "shared", null, headers, null, null);
    }
}
