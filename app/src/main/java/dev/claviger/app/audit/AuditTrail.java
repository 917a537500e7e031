package dev.claviger.app.audit;

import dev.claviger.app.audit.AuditSubjects.Subject;
import java.sql.Timestamp;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes one row for every event that is stored, whoever published it; the same event twice is one row. */
@Component
@ProcessingGroup("app-audit")
class AuditTrail {

    private final AuditSentences sentences = new AuditSentences();
    private final AuditSubjects subjects;
    private final AuditFacts facts;
    private final JdbcClient jdbc;

    AuditTrail(AuditSubjects subjects, AuditFacts facts, JdbcClient jdbc) {
        this.subjects = subjects;
        this.facts = facts;
        this.jdbc = jdbc;
    }

    /**
     * The position is read from the store: the tracking token of an event that was committed after a later one names the
     * later one.
     */
    @EventHandler
    void on(EventMessage<?> message) {
        write(
                message,
                jdbc.sql("select global_index from app.domain_event where event_identifier = :id")
                        .param("id", message.getIdentifier())
                        .query(Long.class)
                        .single());
    }

    /**
     * An event that comes again is told in today's words; another one at its position is a bug and stops the trail.
     */
    void write(EventMessage<?> message, long position) {
        Object event = message.getPayload();
        subjects.remember(event);
        Subject subject = subjects.of(event);
        String name = message.getPayloadType().getSimpleName();
        jdbc.sql("""
                        insert into app.audit_entry
                            (position, event_id, at, event, actor, source, correlation, connector_id, agent_id, attempt, sentence, facts)
                        values (:position, :eventId, :at, :event, :actor, :source, :correlation, :connector, :agent, :attempt,
                            :sentence, :facts::json)
                        on conflict (event_id) do update
                           set connector_id = excluded.connector_id, agent_id = excluded.agent_id,
                               attempt = excluded.attempt, sentence = excluded.sentence, facts = excluded.facts
                         where audit_entry.position = excluded.position
                        """)
                .param("position", position)
                .param("eventId", message.getIdentifier())
                .param("at", Timestamp.from(message.getTimestamp()))
                .param("event", name)
                .param("actor", text(message, "actor", "system:claviger"))
                .param("source", text(message, "source", null))
                .param("correlation", text(message, "correlation", null))
                .param("connector", subject.connector())
                .param("agent", subject.agent())
                .param("attempt", subject.attempt())
                .param("sentence", sentences.sentence(event).orElse(name))
                .param("facts", facts.of(event))
                .update();
    }

    private static @Nullable String text(EventMessage<?> message, String key, @Nullable String otherwise) {
        Object value = message.getMetaData().get(key);
        return value == null ? otherwise : value.toString();
    }
}
