package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.app.journeys.Claviger.Reply;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each agent with a consent of its own. */
@ClavigerTest
class PerAgentOAuthJourneyTest extends OAuthJourney {

    @Test
    void theFirstAgentBringsTheToolsAndNobodyGetsTheTokenOfAnother() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "per_agent");
        Agent ada = claviger.agent("Ada");
        Agent bob = claviger.agent("Bob");
        assertThat(claviger.tools(connector)).isEmpty();

        claviger.connectWithConsent(provider, connector, ada);
        assertThat(claviger.tools(connector)).hasSize(4);
        long listings = listings();
        assertThat(listings).isPositive();
        String adas = claviger.authorization(ada, connector);

        isRefused(bob, connector);
        assertThat(claviger.offered(bob).get(connector.serverKey())).isEmpty();

        String bobsAttempt = claviger.connectWithConsent(provider, connector, bob);
        String bobs = claviger.authorization(bob, connector);
        assertThat(bobs).isNotEqualTo(adas);
        assertThat(status(adas)).isEqualTo(200);
        assertThat(status(bobs)).isEqualTo(200);
        // The tools are known: the second agent's token lists nothing.
        assertThat(listings()).isEqualTo(listings);
        assertThat(claviger.connection(bobsAttempt, 0)
                        .path("steps")
                        .valueStream()
                        .map(step -> step.path("name").asString()))
                .doesNotContain("tools");
        assertThat(claviger.authorization(ada, connector)).isEqualTo(adas);
        assertThat(claviger.line(connector).path("liveConnections").asInt()).isEqualTo(2);

        claviger.admin("POST", "/api/v1/connectors/" + connector.id() + "/disconnect?agentId=" + ada.id(), null)
                .ok();
        Claviger.until(
                "Ada's credential to be gone",
                () -> claviger.credential(ada, connector).status() != 200);
        isRefused(ada, connector);
        assertThat(claviger.authorization(bob, connector)).isEqualTo(bobs);
        assertThat(status(bobs)).isEqualTo(200);
        Claviger.until("Ada's token to be refused at the provider", () -> status(adas) == 401);
    }

    @Test
    void neverFallsBackToASharedCredentialOfTheSameServer() {
        Connector shared = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, shared, null);
        Connector own = claviger.oauthConnector("Notes", provider.mcpUrl(), "per_agent");
        Agent agent = claviger.agent("Ada");
        claviger.choose(agent, shared, "search_notes");
        Claviger.until(
                "the agent to be offered the tool",
                () -> claviger.offered(agent).containsKey(shared.serverKey()));

        assertThat(claviger.authorization(agent, shared)).startsWith("Bearer ");
        isRefused(agent, own);

        Reply servers = claviger.call(agent.key(), "GET", "/api/v1/agent/mcp.json", null)
                .ok();
        assertThat(servers.json().path("mcpServers").propertyNames()).contains(shared.serverKey());
        assertThat(servers.json().path("mcpServers").propertyNames()).doesNotContain(own.serverKey());
        assertThat(servers.header("Claviger-Left-Out")).contains(own.serverKey());
    }

    @Test
    void aSharedCredentialDoesNotOutliveTheChangeToOneForEachAgent() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");
        claviger.connectWithConsent(provider, connector, null);
        Agent agent = claviger.agent("Ada");
        claviger.choose(agent, connector, "search_notes");
        Claviger.until(
                "the agent to be offered the tool",
                () -> claviger.offered(agent).containsKey(connector.serverKey()));
        String shared = claviger.authorization(agent, connector);

        claviger.admin(
                        "PUT",
                        "/api/v1/connectors/" + connector.id() + "?drop=true",
                        Map.of(
                                "name",
                                connector.name(),
                                "url",
                                provider.mcpUrl().toString(),
                                "authType",
                                "oauth",
                                "mode",
                                "per_agent"))
                .ok();

        Claviger.until(
                "the shared credential to be gone",
                () -> claviger.credential(agent, connector).status() != 200);
        isRefused(agent, connector);
        Claviger.until("the token to be refused at the provider", () -> status(shared) == 401);
    }

    @Test
    void aDeniedConsentLeadsBackToTheAgentsPage() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "per_agent");
        Agent agent = claviger.agent("Ada");
        Browser browser = claviger.signedIn();
        String attempt = newAttempt();
        browser.get("/agents/" + agent.id());
        URI asked = begin(browser, "/agents/" + agent.id() + "/connectors/" + connector.id(), attempt);

        HttpResponse<String> back = browser.get(claviger.path(provider.deny(asked)));
        assertThat(back.statusCode()).isEqualTo(303);
        assertThat(location(back)).isEqualTo("/connections/" + attempt);
        HttpResponse<String> on = await(browser, "/connections/" + attempt);

        assertThat(location(on)).isEqualTo("/agents/" + agent.id() + "?failed=" + attempt);
        assertThat(browser.get(location(on)).body())
                .contains(connector.name() + " could not be connected", "/help/CLV-121");
    }

    @Test
    void consentLeadsToTheAgentsPageAndItsTools() {
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "per_agent");
        Agent agent = claviger.agent("Ada");
        Browser browser = claviger.signedIn();
        String attempt = newAttempt();
        browser.get("/agents/" + agent.id());
        URI asked = begin(browser, "/agents/" + agent.id() + "/connectors/" + connector.id(), attempt);

        browser.get(claviger.path(provider.approve(asked)));
        HttpResponse<String> on = await(browser, "/connections/" + attempt);

        assertThat(location(on)).isEqualTo("/agents/" + agent.id() + "?connected=" + attempt);
        assertThat(browser.get(location(on)).body()).contains("Connected to " + connector.name());
    }

    @Test
    void aFailingListingDoesNotSpoilTheConnection() {
        provider.knobs().noToolsCapability = true;
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "per_agent");
        Agent agent = claviger.agent("Ada");

        claviger.connectWithConsent(provider, connector, agent);

        assertThat(status(claviger.authorization(agent, connector))).isEqualTo(200);
        assertThat(claviger.tools(connector)).isEmpty();
        // The next agent tries again, because no tools are known.
        provider.knobs().noToolsCapability = false;
        claviger.connectWithConsent(provider, connector, claviger.agent("Bob"));
        assertThat(claviger.tools(connector)).hasSize(4);
    }

    /** The wait page as soon as it sends the browser on by itself. */
    private static HttpResponse<String> await(Browser browser, String page) {
        Claviger.until("the wait page to send on", () -> browser.get(page).statusCode() == 303);
        return browser.get(page);
    }

    private void isRefused(Agent agent, Connector connector) {
        Reply refusal = claviger.credential(agent, connector);
        assertThat(refusal.status()).as(refusal.body()).isEqualTo(409);
        assertThat(refusal.header("Content-Type")).startsWith("application/problem+json");
        assertThat(refusal.json().path("reason").asString()).isEqualTo("NEEDS_CONSENT");
        assertThat(refusal.json().path("mend").asString()).endsWith("/agents/" + agent.id());
        assertThat(refusal.body()).doesNotContain("Bearer");
    }

    private long listings() {
        return provider.requests().stream()
                .filter(request ->
                        request.path().equals("/mcp") && request.body().contains("\"tools/list\""))
                .count();
    }

    private int status(String authorization) {
        return claviger.mcpStatus(provider.mcpUrl(), Map.of("Authorization", authorization));
    }
}
