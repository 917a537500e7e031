package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectorEvent.ConnectionRequested;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.connectors.api.FreezeSubject;
import dev.claviger.credentials.api.FreezeEvent.Frozen;
import dev.claviger.credentials.api.FreezeEvent.Thawed;
import java.util.Objects;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Keeps what is frozen, and lets nothing of it be connected. A connect passes a gate that a freeze closes until its commit:
 * so the freeze knows the connection, or the connection finds the freeze.
 */
@Component
@ProcessingGroup("connectors-state")
class FreezeGuard {

    private static final long GATE = 5_240_071_124L;

    private final JdbcClient jdbc;

    FreezeGuard(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(Frozen event) {
        FreezeSubject subject = subject(event.subject());
        if (subject != null) {
            jdbc.sql("insert into connectors.freeze (freeze_id, kind, target) values (?, ?, ?) on conflict do nothing")
                    .params(
                            event.freezeId().value(),
                            subject.kind().name(),
                            Objects.requireNonNullElse(subject.target(), ""))
                    .update();
        }
    }

    @EventHandler
    void on(Thawed event) {
        jdbc.sql("delete from connectors.freeze where freeze_id = ?")
                .param(event.freezeId().value())
                .update();
    }

    @EventHandler
    void on(ConnectionRequested event) {
        jdbc.sql("select pg_advisory_xact_lock_shared(?)").param(GATE).query().listOfRows();
        UUID agent = event.agentId() == null ? null : event.agentId().value();
        demandThawed(event.connectorId().value(), agent, "connected");
    }

    /** From here to the end of the transaction nothing is connected. */
    void close() {
        jdbc.sql("select pg_advisory_xact_lock(?)").param(GATE).query().listOfRows();
    }

    /**
     * @param what is not done while frozen, in one word
     * @throws ConnectorRejected when it is frozen, by the connector, the agent, its issuer, or everything
     */
    void demandThawed(UUID connector, @Nullable UUID agent, String what) {
        boolean frozen = jdbc.sql("""
                        select exists (
                            select from connectors.freeze f
                             where (f.kind, f.target) in (
                                   ('EVERYTHING', ''), ('CONNECTOR', cast(:connector as text)),
                                   ('AGENT', cast(cast(:agent as uuid) as text)),
                                   ('ISSUER', (select c.issuer from connectors.connector c
                                                where c.connector_id = cast(:connector as uuid)))))""")
                .param("connector", connector.toString())
                .param("agent", agent)
                .query(Boolean.class)
                .single();
        if (frozen) {
            throw new ConnectorRejected(
                    "An admin has frozen this, so nothing is " + what + "; thaw it on the page Emergency first.");
        }
    }

    /** Null for a freeze that was not asked for here. */
    private static @Nullable FreezeSubject subject(String text) {
        try {
            return FreezeSubject.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
