package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.ClavigerTest;
import dev.claviger.app.journeys.Claviger.Agent;
import dev.claviger.app.journeys.Claviger.Connector;
import dev.claviger.demoprovider.DemoProvider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;

/** From a URL to its tools, with one credential for everybody. */
@ClavigerTest
class SharedOAuthJourneyTest {

    private final DemoProvider provider = DemoProvider.start();
    private Claviger claviger;

    @BeforeEach
    void begin(@Value("${claviger.public-url}") String base) {
        claviger = new Claviger(base);
    }

    @AfterEach
    void end() {
        provider.close();
    }

    @Test
    void leadsFromTheUrlToToolsAnAgentAndTheAuditTrail() {
        // The authorization server is another host than the MCP server.
        assertThat(provider.issuer().getAuthority())
                .isNotEqualTo(provider.mcpUrl().getAuthority());
        Connector connector = claviger.oauthConnector("Notes", provider.mcpUrl(), "shared");

        String attempt = claviger.connectWithConsent(provider, connector, null);

        assertThat(claviger.tools(connector)).hasSize(4).contains("search_notes");
        Agent agent = claviger.agent("Reader");
        claviger.choose(agent, connector, "search_notes");
        Claviger.until(
                "the agent to be offered the tool",
                () -> claviger.offered(agent)
                        .getOrDefault(connector.serverKey(), List.of())
                        .contains("mcp__" + connector.serverKey() + "__search_notes"));
        String authorization = claviger.authorization(agent, connector);
        assertThat(claviger.mcpStatus(provider.mcpUrl(), Map.of("Authorization", authorization)))
                .isEqualTo(200);
        assertThat(claviger.events("attempt=" + attempt)).containsSubsequence("TokenIssued", "ConnectionEstablished");
    }
}
