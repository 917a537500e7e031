package dev.claviger.app.audit;

import dev.claviger.app.security.UserEvent;
import dev.claviger.connectors.api.AgentEvent;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.ConnectorEvent;
import dev.claviger.connectors.api.FreezeSubject;
import dev.claviger.credentials.api.CredentialEvent;
import dev.claviger.credentials.api.FreezeEvent;
import dev.claviger.oauth.api.AuthorizationEvent;
import dev.claviger.oauth.api.ClientRegistrationEvent;
import dev.claviger.toolsync.api.HealthEvent;
import dev.claviger.toolsync.api.ToolCatalogEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Finds the connector, the agent and the attempt an event belongs to. The lower modules know neither; the one id that
 * travels the whole way leads back to the request that began it.
 */
@Component
class AuditSubjects {

    private static final Subject NOBODY = new Subject(null, null, null);

    private final JdbcClient jdbc;

    AuditSubjects(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Subject(
            @Nullable UUID connector,
            @Nullable UUID agent,
            @Nullable UUID attempt) {}

    /** Keeps what later events have to be found by. */
    void remember(Object event) {
        if (event instanceof ConnectorEvent.ConnectionRequested e) {
            jdbc.sql("""
                            insert into app.audit_subject (attempt, connector_id, agent_id)
                            values (:attempt, :connector, :agent) on conflict do nothing
                            """)
                    .param("attempt", e.connectionId().value())
                    .param("connector", e.connectorId().value())
                    .param("agent", value(e.agentId()))
                    .update();
        } else if (event instanceof ConnectorEvent.ConnectorCreated e) {
            name("connector", e.connectorId().value(), e.settings().name(), false);
        } else if (event instanceof ConnectorEvent.ConnectorEdited e) {
            name("connector", e.connectorId().value(), e.settings().name(), false);
        } else if (event instanceof ConnectorEvent.ConnectorRemoved e) {
            name("connector", e.connectorId().value(), e.name(), true);
        } else if (event instanceof AgentEvent.AgentCreated e) {
            name("agent", e.agentId().value(), e.name(), false);
        } else if (event instanceof AgentEvent.AgentEdited e) {
            name("agent", e.agentId().value(), e.name(), false);
        } else if (event instanceof AgentEvent.AgentRemoved e) {
            name("agent", e.agentId().value(), e.name(), true);
        } else if (event instanceof UserEvent.ApiTokenIssued e) {
            name("token", e.tokenId(), e.name(), false);
        }
    }

    Subject of(Object event) {
        if (event instanceof ConnectorEvent e) {
            return ofConnector(e);
        }
        if (event instanceof AgentEvent.ToolsChosen e) {
            return new Subject(e.connectorId().value(), e.agentId().value(), null);
        }
        if (event instanceof AgentEvent e) {
            return new Subject(null, e.agentId().value(), null);
        }
        if (event instanceof AuthorizationEvent e) {
            return ofAttempt(e.authorizationId().value());
        }
        if (event instanceof FreezeEvent.Frozen e) {
            return ofFreeze(e.subject());
        }
        if (event instanceof FreezeEvent.Thawed e) {
            return ofFreeze(e.subject());
        }
        if (event instanceof CredentialEvent e) {
            return ofAttempt(e.credentialId().value());
        }
        if (event instanceof ClientRegistrationEvent.ClientRegistered e) {
            return ofAttempt(e.registeredFor().value());
        }
        if (event instanceof HealthEvent e) {
            return ofAttempt(e.healthId().value());
        }
        if (event instanceof ToolCatalogEvent e) {
            return ofCatalog(e);
        }
        return NOBODY;
    }

    private static Subject ofFreeze(String subject) {
        if (subject.startsWith("connector:") || subject.startsWith("agent:")) {
            FreezeSubject frozen = FreezeSubject.parse(subject);
            boolean agent = frozen.kind() == FreezeSubject.Kind.AGENT;
            return new Subject(agent ? null : frozen.uuid(), agent ? frozen.uuid() : null, null);
        }
        return NOBODY;
    }

    private static Subject ofConnector(ConnectorEvent event) {
        UUID connector = event.connectorId().value();
        if (event instanceof ConnectorEvent.ConnectionRequested e) {
            return new Subject(connector, value(e.agentId()), e.connectionId().value());
        }
        if (event instanceof ConnectorEvent.ConnectionEstablished e) {
            return new Subject(connector, value(e.agentId()), e.connectionId().value());
        }
        if (event instanceof ConnectorEvent.ConnectionFailed e) {
            return new Subject(connector, value(e.agentId()), e.connectionId().value());
        }
        if (event instanceof ConnectorEvent.ConnectionEnded e) {
            return new Subject(connector, value(e.agentId()), e.connectionId().value());
        }
        if (event instanceof ConnectorEvent.ConnectionHeld e) {
            return new Subject(connector, value(e.agentId()), e.connectionId().value());
        }
        if (event instanceof ConnectorEvent.AccountAccepted e) {
            return new Subject(connector, value(e.agentId()), e.connectionId().value());
        }
        if (event instanceof ConnectorEvent.ExpectedAccountSet e) {
            return new Subject(connector, value(e.agentId()), null);
        }
        if (event instanceof ConnectorEvent.StepUpSucceeded e) {
            return new Subject(connector, value(e.agentId()), null);
        }
        return new Subject(connector, null, null);
    }

    /** A listing or check belongs to an attempt only where the attempt asked for it; otherwise an admin or the clock did. */
    private Subject ofCatalog(ToolCatalogEvent event) {
        UUID connector = event.catalogId().value();
        UUID cause = event instanceof ToolCatalogEvent.RevokedProbeRequested e
                ? e.credentialId().value()
                : event instanceof ToolCatalogEvent.RevokedProbed p
                        ? p.credentialId().value()
                        : cause(event);
        if (cause == null) {
            return new Subject(connector, null, null);
        }
        Subject attempt = ofAttempt(cause);
        return attempt.connector() == null ? new Subject(connector, null, null) : attempt;
    }

    private static @Nullable UUID cause(ToolCatalogEvent event) {
        if (event instanceof ToolCatalogEvent.SyncRequested e) {
            return e.syncId();
        }
        if (event instanceof ToolCatalogEvent.ToolsSynced e) {
            return e.syncId();
        }
        if (event instanceof ToolCatalogEvent.SyncFailed e) {
            return e.syncId();
        }
        if (event instanceof ToolCatalogEvent.EmptyListWithheld e) {
            return e.syncId();
        }
        if (event instanceof ToolCatalogEvent.AccessCheckRequested e) {
            return e.checkId();
        }
        if (event instanceof ToolCatalogEvent.AccessConfirmed e) {
            return e.checkId();
        }
        if (event instanceof ToolCatalogEvent.AccountAsked e) {
            return e.askId();
        }
        if (event instanceof ToolCatalogEvent.AccountTold e) {
            return e.askId();
        }
        return event instanceof ToolCatalogEvent.AccessCheckFailed e ? e.checkId() : null;
    }

    private Subject ofAttempt(UUID attempt) {
        return jdbc.sql("select connector_id, agent_id from app.audit_subject where attempt = :attempt")
                .param("attempt", attempt)
                .query((row, n) -> new Subject(
                        row.getObject("connector_id", UUID.class), row.getObject("agent_id", UUID.class), attempt))
                .optional()
                .orElseGet(() -> new Subject(null, null, attempt));
    }

    private void name(String kind, UUID id, String name, boolean gone) {
        jdbc.sql("""
                        insert into app.audit_name (kind, id, name, gone) values (:kind, :id, :name, :gone)
                        on conflict (kind, id) do update set name = excluded.name, gone = excluded.gone
                        """)
                .param("kind", kind)
                .param("id", id)
                .param("name", name)
                .param("gone", gone)
                .update();
    }

    private static @Nullable UUID value(@Nullable AgentId agent) {
        return agent == null ? null : agent.value();
    }
}
