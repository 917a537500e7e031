package dev.claviger.app.axon;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.PersistenceExceptionResolver;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.jdbc.EventSchema;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.statements.TimestampWriter;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;

/** Stores payload and metadata as jsonb, readable and queryable with plain SQL. */
final class JsonbEventStorageEngine extends JdbcEventStorageEngine {

    private static final EventSchema SCHEMA = EventSchema.builder()
            .eventTable("app.domain_event")
            .snapshotTable("app.snapshot_event")
            .globalIndexColumn("global_index")
            .timestampColumn("time_stamp")
            .eventIdentifierColumn("event_identifier")
            .aggregateIdentifierColumn("aggregate_identifier")
            .sequenceNumberColumn("sequence_number")
            .typeColumn("type")
            .payloadTypeColumn("payload_type")
            .payloadRevisionColumn("payload_revision")
            .payloadColumn("payload")
            .metaDataColumn("meta_data")
            .build();

    private JsonbEventStorageEngine(JdbcEventStorageEngine.Builder builder) {
        super(builder);
    }

    static JsonbEventStorageEngine create(
            Serializer snapshotSerializer,
            Serializer eventSerializer,
            PersistenceExceptionResolver resolver,
            ConnectionProvider connections,
            TransactionManager transactions,
            Configuration axon) {
        return new JsonbEventStorageEngine(JdbcEventStorageEngine.builder()
                .snapshotSerializer(snapshotSerializer)
                .eventSerializer(eventSerializer)
                .upcasterChain(axon.upcasterChain())
                .snapshotFilter(axon.snapshotFilter())
                .persistenceExceptionResolver(resolver)
                .connectionProvider(connections)
                .transactionManager(transactions)
                .schema(SCHEMA)
                .dataType(String.class)
                .appendEvents(JsonbEventStorageEngine::insertEvents)
                .appendSnapshot(JsonbEventStorageEngine::insertSnapshot));
    }

    /** A stream that another node created at the same moment is a conflict like any other: try again and find it there. */
    @Override
    protected void handlePersistenceException(Exception exception, EventMessage<?> failedEvent) {
        try {
            super.handlePersistenceException(exception, failedEvent);
        } catch (AggregateStreamCreationException e) {
            throw new ConcurrencyException(e.getMessage(), e.getCause());
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    protected <T> T readPayload(ResultSet resultSet, String columnName) throws SQLException {
        return (T) resultSet.getString(columnName);
    }

    private static PreparedStatement insertEvents(
            Connection connection,
            EventSchema schema,
            Class<?> dataType,
            List<? extends EventMessage<?>> events,
            Serializer serializer,
            TimestampWriter timestamps)
            throws SQLException {
        PreparedStatement statement = insertInto(connection, schema.domainEventTable(), schema);
        for (EventMessage<?> event : events) {
            fill(statement, domainEvent(event), serializer, event.getTimestamp(), timestamps);
            statement.addBatch();
        }
        return statement;
    }

    private static PreparedStatement insertSnapshot(
            Connection connection,
            EventSchema schema,
            Class<?> dataType,
            DomainEventMessage<?> snapshot,
            Serializer serializer,
            TimestampWriter timestamps)
            throws SQLException {
        PreparedStatement statement = insertInto(connection, schema.snapshotTable(), schema);
        fill(statement, snapshot, serializer, snapshot.getTimestamp(), timestamps);
        return statement;
    }

    private static PreparedStatement insertInto(Connection connection, String table, EventSchema schema)
            throws SQLException {
        return connection.prepareStatement("insert into " + table + " (" + schema.domainEventFields()
                + ") values (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb)");
    }

    private static void fill(
            PreparedStatement statement,
            DomainEventMessage<?> event,
            Serializer serializer,
            Instant at,
            TimestampWriter timestamps)
            throws SQLException {
        SerializedObject<String> payload = event.serializePayload(serializer, String.class);
        SerializedObject<String> metaData = event.serializeMetaData(serializer, String.class);
        statement.setString(1, event.getIdentifier());
        statement.setString(2, event.getAggregateIdentifier());
        statement.setLong(3, event.getSequenceNumber());
        statement.setString(4, event.getType());
        timestamps.writeTimestamp(statement, 5, at);
        statement.setString(6, payload.getType().getName());
        statement.setString(7, payload.getType().getRevision());
        statement.setString(8, payload.getData());
        statement.setString(9, metaData.getData());
    }

    /** An event that no aggregate published is its own stream. */
    private static DomainEventMessage<?> domainEvent(EventMessage<?> event) {
        return event instanceof DomainEventMessage<?> already
                ? already
                : new GenericDomainEventMessage<>(null, event.getIdentifier(), 0L, event, event::getTimestamp);
    }
}
