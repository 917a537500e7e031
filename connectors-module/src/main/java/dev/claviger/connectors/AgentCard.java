package dev.claviger.connectors;

import dev.claviger.connectors.HelpTexts.Trouble;
import dev.claviger.connectors.Words.Badge;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorRow;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorStatus;
import dev.claviger.toolsync.api.ToolCatalogQuery.ToolPage;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One connector as it is for one agent.
 *
 * @param off greyed: not usable until somebody connects it
 * @param connect whether a click connects this agent; {@code enterToken}: a token is typed in on the card
 * @param connectElsewhere whether the connector itself must be connected first
 * @param own whether the agent has a connection of its own, which can be replaced and ended here
 * @param account whose account the agent's own connection is, and whose it should be; null: it has none
 * @param health of the agent's own credential; null: it has none here
 * @param inline whether all tools fit on the card; {@code open}: whether they are unfolded
 */
record AgentCard(
        UUID connector,
        String name,
        String url,
        String auth,
        boolean perAgent,
        Badge badge,
        boolean off,
        boolean connect,
        boolean reconnect,
        boolean enterToken,
        boolean replaceToken,
        boolean connectElsewhere,
        boolean own,
        UUID attempt,
        @Nullable Trouble trouble,
        boolean connected,
        boolean inline,
        boolean open,
        boolean anyTools,
        List<ToolLine> tools,
        int chosen,
        int total,
        @Nullable AccountPanel account,
        @Nullable HealthPanel health) {

    private static final int FEW = 8;

    static AgentCard of(
            ConnectorRow row,
            boolean perAgent,
            boolean connected,
            boolean needsConsent,
            @Nullable Trouble trouble,
            ToolPage tools,
            Set<String> chosen,
            @Nullable AccountPanel account,
            @Nullable HealthPanel health) {
        boolean oauth = row.authType() == AuthType.OAUTH;
        boolean inline = tools.total() <= AgentCards.INLINE_TOOLS;
        List<ToolLine> lines = tools.items().stream()
                .map(tool -> ToolLine.of(tool, chosen.contains(tool.name())))
                .toList();
        int taken = inline ? (int) lines.stream().filter(ToolLine::chosen).count() : chosen.size();
        return new AgentCard(
                row.connectorId().value(),
                row.name(),
                row.url(),
                Words.auth(row.authType()),
                perAgent,
                badge(row, perAgent, connected, needsConsent),
                !connected,
                perAgent && oauth && !connected,
                perAgent && oauth && connected,
                perAgent && !oauth && !connected,
                perAgent && !oauth && connected,
                !perAgent && !connected,
                perAgent && connected,
                UUID.randomUUID(),
                trouble,
                connected,
                inline,
                lines.size() <= FEW || taken == 0,
                tools.total() > 0,
                lines,
                taken,
                tools.total(),
                account,
                health);
    }

    private static Badge badge(ConnectorRow row, boolean perAgent, boolean connected, boolean needsConsent) {
        if (needsConsent || !perAgent && row.status() == ConnectorStatus.NEEDS_CONSENT) {
            return new Badge("bad", "Reconnect needed");
        }
        if (!perAgent && row.authType() == AuthType.NONE) {
            return new Badge("muted", "Needs no credential");
        }
        if (!connected) {
            return new Badge("warn", "Not connected");
        }
        return new Badge("ok", perAgent ? "Connected" : "Shared");
    }
}
