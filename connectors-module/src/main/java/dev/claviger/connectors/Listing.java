package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionStep;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorQuery.StepName;
import dev.claviger.connectors.api.ConnectorQuery.StepState;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.api.ToolCatalogQuery.CatalogFacts;
import dev.claviger.toolsync.api.ToolCatalogQuery.CatalogFactsList;
import dev.claviger.toolsync.api.ToolCatalogQuery.FindCatalogs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Lists a connector's tools when somebody asks, and says what came of it if it came soon. */
@Component
class Listing {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Answers answers;
    private final Syncs syncs;

    Listing(Answers answers, Syncs syncs) {
        this.answers = answers;
        this.syncs = syncs;
    }

    /** Null until the tools were listed once. */
    @Nullable
    CatalogFacts facts(ConnectorId connector) {
        return answers
                .one(new FindCatalogs(List.of(new ToolCatalogId(connector.value()))), CatalogFactsList.class)
                .items()
                .stream()
                .findFirst()
                .orElse(null);
    }

    /**
     * Waits until pages show the tools that a live attempt listed: how the attempt stands is known in the moment it
     * happens, the tools a moment later.
     */
    void awaitShown(ConnectionProgress attempt) {
        if (attempt.state() == ConnectionState.LIVE) {
            attempt.steps().stream()
                    .filter(step -> step.name() == StepName.TOOLS && step.state() == StepState.DONE)
                    .map(ConnectionStep::finishedAt)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .ifPresent(listed -> answers.until(() -> isShown(attempt.connectorId(), listed)));
        }
    }

    private boolean isShown(ConnectorId connector, Instant listed) {
        CatalogFacts facts = facts(connector);
        if (facts == null) {
            return false;
        }
        return facts.emptyListWithheld()
                || (isSince(listed, facts.lastSyncedAt())
                        && isSince(
                                listed,
                                answers.need(new FindConnector(connector), ConnectorDetail.class)
                                        .row()
                                        .lastSyncedAt()));
    }

    /** Two tables keep the moment of one event, and may round it differently by a microsecond. */
    private static boolean isSince(Instant listed, @Nullable Instant shown) {
        return shown != null && !shown.isBefore(listed.minusMillis(1));
    }

    /** Answers one sentence for the page. */
    String sync(ConnectorId connector) {
        CatalogFacts before = facts(connector);
        syncs.sync(connector);
        boolean seen = answers.until(PATIENCE, () -> !Objects.equals(before, facts(connector)));
        CatalogFacts after = facts(connector);
        if (!seen || after == null) {
            return "The server is asked for its tools; they appear here when it has answered.";
        }
        if (after.emptyListWithheld()) {
            return "The server listed no tools; the ones known before stay until somebody accepts that.";
        }
        return after.trouble() == null
                ? "The server listed " + Words.count(after.tools(), "tool") + "."
                : "The tools could not be listed; the ones known before stay.";
    }
}
