package dev.claviger.connectors;

import dev.claviger.connectors.AgentCalls.NumberedCall;
import dev.claviger.connectors.api.AgentQuery.AgentUse;
import dev.claviger.connectors.api.AgentQuery.AgentUses;
import dev.claviger.connectors.api.AgentQuery.FindAgentUses;
import dev.claviger.connectors.api.AgentQuery.UsesBefore;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.credentials.api.CredentialQuery.CredentialUse;
import dev.claviger.credentials.api.CredentialQuery.FindUsesBy;
import dev.claviger.credentials.api.CredentialQuery.NumberedUse;
import dev.claviger.credentials.api.CredentialQuery.UsesBy;
import dev.claviger.credentials.api.HandOuts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tells what agents asked for and were answered: their calls, among them the uses of the credentials they were handed. */
@Component
class AgentUseQueries {

    private record Used(ConnectorId connector, String name) {}

    private final AgentCalls calls;
    private final Answers answers;
    private final JdbcClient jdbc;

    AgentUseQueries(AgentCalls calls, Answers answers, JdbcClient jdbc) {
        this.calls = calls;
        this.answers = answers;
        this.jdbc = jdbc;
    }

    @QueryHandler
    AgentUses handle(FindAgentUses query) {
        int limit = Math.max(1, Math.min(query.limit(), 1_000));
        UsesBefore from = query.before() == null ? UsesBefore.NEWEST : query.before();
        List<NumberedCall> called = calls.find(query.agentId(), from.call(), limit + 1);
        List<NumberedUse> used = answers.one(
                        new FindUsesBy(query.agentId().toString(), from.use(), limit + 1), UsesBy.class)
                .items();
        Map<UUID, Used> connectors = connectors(used);
        List<AgentUse> items = new ArrayList<>(limit);
        int call = 0;
        int use = 0;
        while (items.size() < limit && (call < called.size() || use < used.size())) {
            if (use == used.size() || (call < called.size() && isLater(called.get(call), used.get(use)))) {
                items.add(called.get(call++).use());
            } else {
                items.add(use(used.get(use++).use(), connectors));
            }
        }
        boolean more = call < called.size() || use < used.size();
        UsesBefore next = new UsesBefore(
                next(called.stream().map(NumberedCall::number).toList(), call),
                next(used.stream().map(NumberedUse::number).toList(), use));
        return new AgentUses(items, more ? next : null);
    }

    /** Not what comes meanwhile either, which is newer than what was told. */
    private static long next(List<Long> found, int told) {
        if (told > 0) {
            return found.get(told - 1);
        }
        return found.isEmpty() ? 0 : found.get(0) + 1;
    }

    private static boolean isLater(NumberedCall call, NumberedUse use) {
        return call.use().at().isAfter(use.use().at());
    }

    private static AgentUse use(CredentialUse use, Map<UUID, Used> connectors) {
        boolean stillValid = use.purpose().equals(HandOuts.STILL_VALID);
        Used connector = connectors.get(use.credentialId().value());
        return new AgentUse(
                use.at(),
                stillValid ? "headers" : use.purpose(),
                stillValid ? HandOuts.STILL_VALID : AgentCalls.ANSWERED,
                connector == null ? null : connector.connector(),
                connector == null ? null : connector.name(),
                new ConnectionId(use.credentialId().value()),
                use.sourceAddress());
    }

    /** By connection; one that is over has its connector still. */
    private Map<UUID, Used> connectors(List<NumberedUse> uses) {
        Map<UUID, Used> connectors = new HashMap<>();
        List<UUID> connections = uses.stream()
                .map(use -> use.use().credentialId().value())
                .distinct()
                .toList();
        if (!connections.isEmpty()) {
            jdbc.sql("""
                            select x.connection_id, c.connector_id, c.name
                              from connectors.connection x
                              join connectors.connector c on c.connector_id = x.connector_id
                             where x.connection_id in (:connections)""").param("connections", connections).query(row -> {
                connectors.put(
                        row.getObject("connection_id", UUID.class),
                        new Used(new ConnectorId(row.getObject("connector_id", UUID.class)), row.getString("name")));
            });
        }
        return connectors;
    }
}
