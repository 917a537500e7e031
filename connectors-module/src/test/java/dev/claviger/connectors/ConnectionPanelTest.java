package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionStep;
import dev.claviger.connectors.api.ConnectorQuery.IssuerChange;
import dev.claviger.connectors.api.ConnectorQuery.StepName;
import dev.claviger.connectors.api.ConnectorQuery.StepState;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ConnectionPanelTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final ConnectionId ATTEMPT = new ConnectionId(UUID.randomUUID());
    private static final ConnectorId CONNECTOR = new ConnectorId(UUID.randomUUID());
    private static final AgentId AGENT = new AgentId(UUID.randomUUID());
    private static final IssuerChange CHANGE = new IssuerChange("https://former.example", "https://new.example");

    @Test
    void goesOnToConsentOnlyForThePersonWhoBegan() {
        ConnectionProgress waiting = progress(ConnectionState.AWAITING_CONSENT, null, NOW);
        assertThat(panel(waiting, true).go()).isEqualTo("/oauth/authorizations/" + ATTEMPT.value() + "/consent");
        assertThat(panel(waiting, false).go()).isNull();
        assertThat(panel(waiting, false).consentElsewhere()).isTrue();
    }

    @Test
    void goesOnToTheConnectorWhenItWorks() {
        assertThat(panel(progress(ConnectionState.LIVE, null, NOW), false).go())
                .isEqualTo("/connectors/" + CONNECTOR.value() + "?connected=" + ATTEMPT.value());
    }

    @Test
    void staysWhenTheAttemptIsHistory() {
        assertThat(panel(progress(ConnectionState.LIVE, null, NOW.minusSeconds(120)), false)
                        .go())
                .isNull();
    }

    @Test
    void leadsAFailureWithAnAgentToTheAgentUnlessAskedToStay() {
        ConnectionProgress failed = progress(ConnectionState.FAILED, AGENT, NOW.minusSeconds(600));
        assertThat(panel(failed, false).go()).isEqualTo("/agents/" + AGENT.value() + "?failed=" + ATTEMPT.value());
        assertThat(ConnectionPanel.of(failed, new HelpTexts(), NOW, false, true).go())
                .isNull();
    }

    @Test
    void namesTheFailedStepTheCauseAndTheFix() {
        ConnectionPanel panel = panel(progress(ConnectionState.FAILED, null, NOW), false);
        assertThat(panel.go()).isNull();
        assertThat(panel.failedStep()).isEqualTo("Find the authorization server");
        assertThat(panel.trouble()).isNotNull();
        assertThat(panel.trouble().code()).isEqualTo("CLV-102");
        assertThat(panel.trouble().fix()).contains("bearer token");
    }

    @Test
    void staysWhileAnAdminIsAskedAboutAnotherIssuer() {
        ConnectionPanel panel = panel(progress(ConnectionState.AWAITING_APPROVAL, AGENT, NOW), true);

        assertThat(panel.approval()).isEqualTo(CHANGE);
        assertThat(panel.over()).isFalse();
        assertThat(panel.go()).isNull();
        assertThat(panel.consentElsewhere()).isFalse();
    }

    @Test
    void tellsHowLongAStepTook() {
        assertThat(panel(progress(ConnectionState.LIVE, null, NOW), false)
                        .steps()
                        .get(0)
                        .took())
                .isEqualTo("250 ms");
    }

    @Test
    void leadsBackToTheToolForWhichMoreScopeWasAsked() {
        ConnectionProgress live = progress(ConnectionState.LIVE, null, NOW.minusSeconds(1));
        ConnectionPanel panel = panel(steppedUp(live, "tools/call ../x"), true);
        String tool = "/connectors/" + CONNECTOR.value() + "/tools/~Li4veA";
        assertThat(panel.callAgain()).isEqualTo(tool);
        assertThat(panel.go()).isEqualTo(tool + "?again");
        assertThat(panel(steppedUp(live, "tools/list"), true).callAgain()).isNull();
    }

    private static ConnectionProgress steppedUp(ConnectionProgress progress, String operation) {
        return new ConnectionProgress(
                progress.connectionId(),
                progress.connectorId(),
                progress.connectorName(),
                progress.agentId(),
                progress.authType(),
                progress.state(),
                progress.consentHost(),
                progress.failure(),
                progress.steps(),
                progress.issuerChange(),
                operation);
    }

    private static ConnectionPanel panel(ConnectionProgress progress, boolean mine) {
        return ConnectionPanel.of(progress, new HelpTexts(), NOW, mine, false);
    }

    private static ConnectionProgress progress(ConnectionState state, AgentId agent, Instant finished) {
        boolean failed = state == ConnectionState.FAILED;
        return new ConnectionProgress(
                ATTEMPT,
                CONNECTOR,
                "Wiki",
                agent,
                AuthType.OAUTH,
                state,
                state == ConnectionState.AWAITING_CONSENT ? "as.example" : null,
                failed ? new Failure(FailureCode.NO_AUTHORIZATION_SERVER, "Nothing found.") : null,
                List.of(new ConnectionStep(
                        StepName.DISCOVER,
                        failed ? StepState.FAILED : StepState.DONE,
                        finished.minusMillis(250),
                        finished,
                        null)),
                state == ConnectionState.AWAITING_APPROVAL ? CHANGE : null,
                null);
    }
}
