package dev.claviger.connectors;

import dev.claviger.connectors.HelpTexts.Trouble;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionStep;
import dev.claviger.connectors.api.ConnectorQuery.ExpectedAccount;
import dev.claviger.connectors.api.ConnectorQuery.IssuerChange;
import dev.claviger.connectors.api.ConnectorQuery.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the wait page shows of an attempt.
 *
 * @param go where the browser goes on to by itself; null: it stays
 * @param approval the issuers an admin is asked about; null: no approval is waited for
 * @param waits whether an admin is asked something
 * @param account whose account it is, once that was asked
 * @param wrongAccount whether an admin is asked about that
 * @param back the page of the connector, or of the agent whose connection it is
 * @param callAgain the page of the tool for which more scope was asked; null: for none
 * @param failedStep in words; null unless it failed at one
 */
record ConnectionPanel(
        UUID uuid,
        UUID connector,
        String connectorName,
        @Nullable UUID agent,
        String heading,
        String state,
        List<Step> steps,
        boolean over,
        boolean live,
        boolean retryByClick,
        @Nullable String consentHost,
        boolean consentElsewhere,
        @Nullable IssuerChange approval,
        @Nullable Trouble trouble,
        @Nullable String failedStep,
        @Nullable String go,
        @Nullable String callAgain,
        String back,
        boolean waits,
        @Nullable AccountPanel account,
        boolean wrongAccount) {

    /** One line of the list; {@code took} is null until it has begun. */
    record Step(
            String what,
            String state,
            String stateWord,
            @Nullable String took,
            @Nullable String why) {}

    private static final Duration JUST_NOW = Duration.ofSeconds(30);

    /**
     * @param mine whether the one who looks may give the consent that is waited for
     * @param stay whether the browser should stay on this page whatever happened
     */
    static ConnectionPanel of(ConnectionProgress progress, HelpTexts help, Instant now, boolean mine, boolean stay) {
        ConnectionState state = progress.state();
        boolean consent = state == ConnectionState.AWAITING_CONSENT;
        return new ConnectionPanel(
                progress.connectionId().value(),
                progress.connectorId().value(),
                progress.connectorName(),
                progress.agentId() == null ? null : progress.agentId().value(),
                heading(progress),
                state.name(),
                progress.steps().stream().map(step -> step(step, state, now)).toList(),
                isOver(progress),
                state == ConnectionState.LIVE,
                progress.authType() == AuthType.OAUTH || progress.authType() == AuthType.NONE,
                consent && mine ? progress.consentHost() : null,
                consent && !mine,
                progress.issuerChange(),
                help.trouble(progress.failure()),
                progress.steps().stream()
                        .filter(step -> step.state() == StepState.FAILED)
                        .map(step -> Words.step(step.name()))
                        .findFirst()
                        .orElse(null),
                stay ? null : go(progress, now, mine),
                callAgain(progress),
                home(progress),
                state == ConnectionState.AWAITING_APPROVAL || state == ConnectionState.AWAITING_ACCOUNT,
                progress.identification() == null
                        ? null
                        : AccountPanel.of(
                                progress.identification(),
                                progress.expected() == null ? ExpectedAccount.NOBODY : progress.expected()),
                state == ConnectionState.AWAITING_ACCOUNT);
    }

    /** Whether nothing more will happen to the attempt. */
    static boolean isOver(ConnectionProgress progress) {
        return switch (progress.state()) {
            case RUNNING, AWAITING_APPROVAL, AWAITING_CONSENT, AWAITING_ACCOUNT -> false;
            case LIVE, FAILED, REPLACED, ENDED -> true;
        };
    }

    private static @Nullable String go(ConnectionProgress progress, Instant now, boolean mine) {
        return switch (progress.state()) {
            case AWAITING_CONSENT ->
                mine ? "/oauth/authorizations/" + progress.connectionId().value() + "/consent" : null;
            case LIVE -> endedWithin(progress, now) ? result(progress, "connected") : null;
            case FAILED -> progress.agentId() == null ? null : result(progress, "failed");
            case RUNNING, AWAITING_APPROVAL, AWAITING_ACCOUNT, REPLACED, ENDED -> null;
        };
    }

    private static @Nullable String callAgain(ConnectionProgress progress) {
        String stepUp = progress.stepUp();
        return stepUp == null || !stepUp.startsWith(ToolTrials.CALL)
                ? null
                : "/connectors/" + progress.connectorId().value() + "/tools/"
                        + ToolAddress.of(stepUp.substring(ToolTrials.CALL.length()));
    }

    private static String result(ConnectionProgress progress, String how) {
        String tool = callAgain(progress);
        if (tool != null && how.equals("connected")) {
            return tool + "?again";
        }
        return home(progress) + "?" + how + "=" + progress.connectionId().value();
    }

    private static String home(ConnectionProgress progress) {
        AgentId agent = progress.agentId();
        return agent == null ? "/connectors/" + progress.connectorId().value() : "/agents/" + agent.value();
    }

    /** An attempt looked up long after is history: there the browser stays. */
    private static boolean endedWithin(ConnectionProgress progress, Instant now) {
        return progress.steps().stream()
                .map(ConnectionStep::finishedAt)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .filter(last -> Duration.between(last, now).compareTo(JUST_NOW) < 0)
                .isPresent();
    }

    private static String heading(ConnectionProgress progress) {
        String name = progress.connectorName();
        return switch (progress.state()) {
            case RUNNING -> "Connecting " + name;
            case AWAITING_APPROVAL ->
                progress.issuerChange() != null && progress.issuerChange().former() != null
                        ? name + " names another authorization server"
                        : name + " asks where the client may be shown";
            case AWAITING_CONSENT -> name + " waits for consent";
            case AWAITING_ACCOUNT -> name + " is of another account";
            case LIVE -> name + " is connected";
            case FAILED -> name + " could not be connected";
            case REPLACED -> "A newer connection of " + name + " took the place of this one";
            case ENDED -> "This connection of " + name + " has ended";
        };
    }

    private static Step step(ConnectionStep step, ConnectionState attempt, Instant now) {
        Instant started = step.startedAt();
        Instant finished = step.finishedAt();
        boolean missed = step.state() == StepState.SKIPPED && attempt == ConnectionState.FAILED;
        boolean timed = started != null && (finished != null || step.state() == StepState.RUNNING);
        return new Step(
                Words.step(step.name()),
                step.state().name(),
                missed ? "not reached" : Words.stepState(step.state()),
                timed ? Moment.took(Duration.between(started, finished == null ? now : finished)) : null,
                step.facts());
    }
}
