package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEstablished;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionRequested;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.connectors.api.FreezeSubject;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.FreezeEvent.Frozen;
import dev.claviger.credentials.api.FreezeEvent.Thawed;
import dev.claviger.credentials.api.Freezes;
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

    private final JdbcClient jdbc;
    private final Freezes freezes;

    FreezeGuard(JdbcClient jdbc, Freezes freezes) {
        this.jdbc = jdbc;
        this.freezes = freezes;
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
        jdbc.sql("select connectors.pass_connect_gate()").query().listOfRows();
        demandThawed(event.connectorId().value(), uuid(event.agentId()), "connected");
    }

    /**
     * What was under way when it was frozen goes on and is of no use until the thaw, since the freeze covers its credential.
     * A connect that hung in the gate for too long is known to no freeze, so it must not be of use to anybody.
     */
    @EventHandler
    void on(ConnectionEstablished event) {
        boolean covered = event.authType() == AuthType.NONE
                || freezes.reason(new CredentialId(event.connectionId().value()), null)
                        .isPresent();
        if (!covered && isFrozenByName(event.connectorId().value(), uuid(event.agentId()))) {
            throw frozen("connected");
        }
    }

    /**
     * From here to the end of the transaction nothing is connected, unless a connect has hung in the gate for two seconds: no
     * emergency waits for that.
     */
    void close() {
        jdbc.sql("select connectors.close_connect_gate()").query().listOfRows();
    }

    private boolean isFrozenByName(UUID connector, @Nullable UUID agent) {
        return jdbc.sql("""
                        select exists (
                            select from connectors.freeze f
                             where (f.kind, f.target) in (('CONNECTOR', cast(:connector as text)),
                                                          ('AGENT', cast(cast(:agent as uuid) as text))))""")
                .param("connector", connector.toString())
                .param("agent", agent)
                .query(Boolean.class)
                .single();
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
            throw frozen(what);
        }
    }

    private static ConnectorRejected frozen(String what) {
        return new ConnectorRejected(
                "An admin has frozen this, so nothing is " + what + "; thaw it on the page Emergency first.");
    }

    private static @Nullable UUID uuid(@Nullable AgentId agent) {
        return agent == null ? null : agent.value();
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
