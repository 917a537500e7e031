package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Connecting again: nobody loses access while an admin looks at a consent screen. */
@ClavigerTest
class ReconnectJourneyTest extends OAuthJourney {

    @Test
    void theOldCredentialServesUntilTheNewOneIsThereAndIsThenRevoked() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        String before = claviger.connectWithConsent(provider, connector, null);
        Agent agent = reader(connector);
        String old = claviger.authorization(agent, connector);

        JsonNode asked = claviger.connect(connector);
        String location = provider.approve(Claviger.authorizationUrl(asked));

        assertThat(claviger.authorization(agent, connector)).isEqualTo(old);
        assertThat(status(old)).isEqualTo(200);
        assertThat(claviger.line(connector).path("status").asString()).isEqualTo("configured");

        claviger.callback(location);
        String after = Claviger.attempt(asked);
        assertThat(claviger.decided(after).path("next").asString()).isEqualTo("connected");

        Claviger.until(
                "the new credential to be handed out",
                () -> !claviger.authorization(agent, connector).equals(old));
        assertThat(status(claviger.authorization(agent, connector))).isEqualTo(200);
        Claviger.until("the provider to hear of the revocation", () -> provider.count("POST", "/revoke") > 0);
        Claviger.until("the old token to be refused at the provider", () -> status(old) == 401);
        assertThat(claviger.connection(before, 0).path("next").asString()).isEqualTo("ended");
        Claviger.until(
                "the history to tell it",
                () -> claviger.events("attempt=" + before).containsAll(List.of("TokenRevoked", "SecretsShredded")));
        assertThat(claviger.events("attempt=" + after)).doesNotContain("TokenRevoked");
        // What was chosen for the agent stays chosen.
        assertThat(claviger.offered(agent).get(connector.serverKey())).hasSize(1);
    }

    @Test
    void aFailedReconnectLeavesTheOldOneServing() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        String before = claviger.connectWithConsent(provider, connector, null);
        Agent agent = reader(connector);
        String old = claviger.authorization(agent, connector);

        JsonNode asked = claviger.connect(connector);
        claviger.callback(provider.deny(Claviger.authorizationUrl(asked)));
        JsonNode failed = claviger.decided(Claviger.attempt(asked));

        assertThat(failed.path("next").asString()).isEqualTo("failed");
        assertThat(failed.path("failure").path("code").asString()).isEqualTo("CLV-121");
        assertThat(claviger.authorization(agent, connector)).isEqualTo(old);
        assertThat(status(old)).isEqualTo(200);
        assertThat(claviger.connection(before, 0).path("next").asString()).isEqualTo("connected");
        assertThat(claviger.line(connector).path("status").asString()).isEqualTo("configured");
        assertThat(provider.count("POST", "/revoke")).isZero();
    }

    @Test
    void anAttemptThatAnotherTookThePlaceOfRedeemsNothing() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        JsonNode first = claviger.connect(connector);
        String late = provider.approve(Claviger.authorizationUrl(first));

        JsonNode second = claviger.connect(connector);
        JsonNode superseded = claviger.decided(Claviger.attempt(first));
        for (int i = 0; i < 100 && !superseded.path("next").asString().equals("failed"); i++) {
            superseded = claviger.connection(Claviger.attempt(first), 1);
        }
        assertThat(superseded.path("failure").path("code").asString()).isEqualTo("CLV-302");
        Claviger.until(
                "the authorization to be abandoned",
                () -> claviger.events("attempt=" + Claviger.attempt(first)).contains("AuthorizationFailed"));

        Reply answer = claviger.callback(late);

        // It is late, no replay: the page of the attempt says what became of it.
        assertThat(answer.status()).isEqualTo(303);
        assertThat(exchanges()).isZero();
        claviger.callback(provider.approve(Claviger.authorizationUrl(second)));
        assertThat(claviger.decided(Claviger.attempt(second)).path("next").asString())
                .isEqualTo("connected");
    }

    @Test
    void disconnectingWhileConsentIsAwaitedEndsBoth() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);
        Agent agent = reader(connector);
        JsonNode asked = claviger.connect(connector);
        String location = provider.approve(Claviger.authorizationUrl(asked));

        claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/disconnect", null)
                .ok();
        Claviger.until(
                "the authorization to be abandoned",
                () -> claviger.events("attempt=" + Claviger.attempt(asked)).contains("AuthorizationFailed"));
        claviger.callback(location);

        assertThat(exchanges()).isEqualTo(1);
        Claviger.until(
                "no credential to be handed out",
                () -> claviger.credential(agent, connector).status() == 409);
        assertThat(claviger.line(connector).path("status").asString()).isEqualTo("not_connected");
    }

    private Agent reader(Connector connector) {
        Agent agent = claviger.agent("Reader");
        claviger.choose(agent, connector, "search_notes");
        Claviger.until(
                "the agent to be offered the tool",
                () -> !claviger.offered(agent)
                        .getOrDefault(connector.serverKey(), List.of())
                        .isEmpty());
        return agent;
    }

    private int status(String authorization) {
        return claviger.mcpStatus(provider.mcpUrl(), Map.of("Authorization", authorization));
    }
}
