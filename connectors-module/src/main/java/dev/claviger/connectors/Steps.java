package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionStep;
import dev.claviger.connectors.api.ConnectorQuery.StepName;
import dev.claviger.connectors.api.ConnectorQuery.StepState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the steps of an attempt off its marks. */
final class Steps {

    /** When something happened, and one sentence about it. */
    record Marked(Instant at, @Nullable String facts) {}

    /**
     * What is known of an attempt.
     *
     * @param finishedAt when it became live, failed or ended
     * @param failure why it failed, in words
     */
    record Way(
            AuthType authType,
            boolean syncTools,
            ConnectionState state,
            Instant requestedAt,
            @Nullable Instant finishedAt,
            @Nullable String failure,
            Map<Mark, Marked> marks) {

        /** Whether an admin is asked about another issuer now. */
        boolean awaitsApproval() {
            return state == ConnectionState.RUNNING
                    && marks.containsKey(Mark.ISSUER_CHANGED)
                    && !marks.containsKey(Mark.ISSUER_APPROVED)
                    && !marks.containsKey(Mark.AUTHORIZATION_FAILED);
        }

        /** Whether an admin is asked about another account now. */
        boolean awaitsAccount() {
            return state == ConnectionState.RUNNING
                    && marks.containsKey(Mark.ACCOUNT_HELD)
                    && !marks.containsKey(Mark.ACCOUNT_ACCEPTED);
        }

        /** Whether the browser is to go to the consent screen now. */
        boolean awaitsConsent() {
            return state == ConnectionState.RUNNING
                    && marks.containsKey(Mark.CONSENT_REQUESTED)
                    && !marks.containsKey(Mark.CONSENT_ENDED)
                    && !marks.containsKey(Mark.TOKEN_ISSUED)
                    && !marks.containsKey(Mark.AUTHORIZATION_FAILED);
        }
    }

    private final Way way;
    private final List<ConnectionStep> steps = new ArrayList<>();
    private @Nullable Instant reached;

    private Steps(Way way) {
        this.way = way;
        this.reached = way.requestedAt();
    }

    static List<ConnectionStep> of(Way way) {
        Steps steps = new Steps(way);
        if (way.authType() == AuthType.OAUTH) {
            steps.add(StepName.DISCOVER, Mark.DISCOVERED, way.marks().get(Mark.DISCOVERED));
            if (way.marks().containsKey(Mark.ISSUER_CHANGED)) {
                steps.add(StepName.APPROVE, Mark.ISSUER_APPROVED, way.marks().get(Mark.ISSUER_CHANGED));
            }
            steps.add(StepName.CLIENT, Mark.CLIENT_OBTAINED, way.marks().get(Mark.CLIENT_OBTAINED));
            if (!way.marks().containsKey(Mark.WITHOUT_PERSON)) {
                steps.add(StepName.CONSENT, Mark.CONSENT_ENDED, way.marks().get(Mark.CONSENT_REQUESTED));
            }
        }
        if (way.authType() != AuthType.NONE) {
            steps.add(StepName.TOKEN, Mark.TOKEN_ISSUED, way.marks().get(Mark.TOKEN_ISSUED));
        }
        if (way.syncTools()) {
            steps.addTools();
        }
        Marked asked = way.marks().get(Mark.ACCOUNT_ASKED);
        if (asked != null) {
            steps.add(StepName.ASK_ACCOUNT, Mark.ACCOUNT_TOLD, way.marks().getOrDefault(Mark.ACCOUNT_TOLD, asked));
        }
        if (way.marks().containsKey(Mark.ACCOUNT_HELD)) {
            steps.add(StepName.ACCOUNT, Mark.ACCOUNT_ACCEPTED, way.marks().get(Mark.ACCOUNT_HELD));
        }
        return List.copyOf(steps.steps);
    }

    private void addTools() {
        Marked refused = way.marks().get(Mark.SYNC_FAILED);
        if (refused != null && reached != null && !way.marks().containsKey(Mark.SYNC_DONE)) {
            steps.add(new ConnectionStep(StepName.TOOLS, StepState.FAILED, reached, refused.at(), refused.facts()));
        } else {
            add(StepName.TOOLS, Mark.SYNC_DONE, way.marks().get(Mark.SYNC_DONE));
        }
    }

    /** A step begins where the one before it ended; the first that has not ended is the one under way or the one that failed. */
    private void add(StepName name, Mark end, @Nullable Marked facts) {
        Marked done = way.marks().get(end);
        Instant started = reached;
        String words = facts == null ? null : facts.facts();
        if (started == null) {
            steps.add(new ConnectionStep(name, isOver() ? StepState.SKIPPED : StepState.WAITING, null, null, null));
            return;
        }
        reached = done == null ? null : done.at();
        if (done != null) {
            steps.add(new ConnectionStep(name, StepState.DONE, started, done.at(), words));
        } else if (way.state() == ConnectionState.FAILED) {
            steps.add(new ConnectionStep(name, StepState.FAILED, started, way.finishedAt(), way.failure()));
        } else {
            steps.add(new ConnectionStep(
                    name, isOver() ? StepState.SKIPPED : StepState.RUNNING, isOver() ? null : started, null, words));
        }
    }

    private boolean isOver() {
        return way.state() != ConnectionState.RUNNING;
    }
}
