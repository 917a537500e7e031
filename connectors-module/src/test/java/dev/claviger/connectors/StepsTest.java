package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.connectors.Steps.Marked;
import dev.claviger.connectors.Steps.Way;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionStep;
import dev.claviger.connectors.api.ConnectorQuery.StepName;
import dev.claviger.connectors.api.ConnectorQuery.StepState;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepsTest {

    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    @Test
    void runsTheFirstStepAtOnce() {
        List<ConnectionStep> steps = Steps.of(way(AuthType.OAUTH, ConnectionState.RUNNING));
        assertThat(steps)
                .extracting(ConnectionStep::name)
                .containsExactly(StepName.DISCOVER, StepName.CLIENT, StepName.CONSENT, StepName.TOKEN, StepName.TOOLS);
        assertThat(states(steps))
                .startsWith(StepState.RUNNING, StepState.WAITING)
                .hasSize(5);
        assertThat(steps.get(0).startedAt()).isEqualTo(START);
    }

    @Test
    void beginsEachStepWhereTheOneBeforeEnded() {
        Way way = way(
                AuthType.OAUTH, ConnectionState.RUNNING, Mark.DISCOVERED, Mark.CLIENT_OBTAINED, Mark.CONSENT_REQUESTED);
        List<ConnectionStep> steps = Steps.of(way);
        assertThat(states(steps))
                .containsExactly(
                        StepState.DONE, StepState.DONE, StepState.RUNNING, StepState.WAITING, StepState.WAITING);
        assertThat(steps.get(1).startedAt()).isEqualTo(steps.get(0).finishedAt());
        assertThat(steps.get(2).facts()).isEqualTo("CONSENT_REQUESTED");
        assertThat(way.awaitsConsent()).isTrue();
    }

    @Test
    void sendsNobodyToAConsentThatIsOver() {
        assertThat(way(AuthType.OAUTH, ConnectionState.RUNNING, Mark.CONSENT_REQUESTED, Mark.AUTHORIZATION_FAILED)
                        .awaitsConsent())
                .isFalse();
        assertThat(way(AuthType.OAUTH, ConnectionState.RUNNING, Mark.CONSENT_REQUESTED, Mark.CONSENT_ENDED)
                        .awaitsConsent())
                .isFalse();
        assertThat(way(AuthType.OAUTH, ConnectionState.FAILED, Mark.CONSENT_REQUESTED)
                        .awaitsConsent())
                .isFalse();
    }

    @Test
    void failsTheStepThatWasUnderWay() {
        List<ConnectionStep> steps =
                Steps.of(way(AuthType.OAUTH, ConnectionState.FAILED, Mark.DISCOVERED, Mark.CLIENT_OBTAINED));
        assertThat(states(steps))
                .containsExactly(
                        StepState.DONE, StepState.DONE, StepState.FAILED, StepState.SKIPPED, StepState.SKIPPED);
        assertThat(steps.get(2).facts()).isEqualTo("It failed.");
        assertThat(steps.get(2).finishedAt()).isNotNull();
    }

    @Test
    void isDoneWhenEverythingIs() {
        List<ConnectionStep> steps = Steps.of(
                way(AuthType.BEARER, ConnectionState.LIVE, Mark.TOKEN_ISSUED, Mark.SYNC_REQUESTED, Mark.SYNC_DONE));
        assertThat(steps).extracting(ConnectionStep::name).containsExactly(StepName.TOKEN, StepName.TOOLS);
        assertThat(states(steps)).containsExactly(StepState.DONE, StepState.DONE);
        assertThat(steps.get(1).facts()).isEqualTo("SYNC_DONE");
    }

    @Test
    void showsAListingThatFailedOnALiveConnection() {
        List<ConnectionStep> steps =
                Steps.of(way(AuthType.BEARER, ConnectionState.LIVE, Mark.TOKEN_ISSUED, Mark.SYNC_FAILED));
        assertThat(states(steps)).containsExactly(StepState.DONE, StepState.FAILED);
        assertThat(steps.get(1).facts()).isEqualTo("SYNC_FAILED");
    }

    @Test
    void leavesOutTheListingWhereToolsAreKnown() {
        Way way = new Way(AuthType.BEARER, false, ConnectionState.LIVE, START, START, null, Map.of());
        assertThat(Steps.of(way)).extracting(ConnectionStep::name).containsExactly(StepName.TOKEN);
    }

    @Test
    void leavesOutTheConsentWhereNobodyIsAsked() {
        List<ConnectionStep> steps = Steps.of(way(
                AuthType.OAUTH, ConnectionState.RUNNING, Mark.WITHOUT_PERSON, Mark.DISCOVERED, Mark.CLIENT_OBTAINED));
        assertThat(steps)
                .extracting(ConnectionStep::name)
                .containsExactly(StepName.DISCOVER, StepName.CLIENT, StepName.TOKEN, StepName.TOOLS);
        assertThat(states(steps)).containsExactly(StepState.DONE, StepState.DONE, StepState.RUNNING, StepState.WAITING);
    }

    private static List<StepState> states(List<ConnectionStep> steps) {
        return steps.stream().map(ConnectionStep::state).toList();
    }

    private static Way way(AuthType authType, ConnectionState state, Mark... happened) {
        Map<Mark, Marked> marks = new EnumMap<>(Mark.class);
        for (Mark mark : happened) {
            marks.put(mark, new Marked(START.plusSeconds(1 + mark.ordinal()), mark.name()));
        }
        boolean over = state != ConnectionState.RUNNING;
        return new Way(
                authType,
                true,
                state,
                START,
                over ? START.plusSeconds(60) : null,
                state == ConnectionState.FAILED ? "It failed." : null,
                marks);
    }
}
