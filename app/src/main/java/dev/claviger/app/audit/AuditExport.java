package dev.claviger.app.audit;

import dev.claviger.app.audit.AuditEntries.Entry;
import dev.claviger.app.audit.AuditEntries.Filter;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes the trail out, oldest first, a batch at a time: neither memory nor a transaction grows with it. */
@Component
class AuditExport {

    private static final int BATCH = 500;
    private static final List<String> COLUMNS = List.of(
            "position",
            "at",
            "event",
            "sentence",
            "actor",
            "actor_name",
            "source",
            "connector",
            "connector_id",
            "agent",
            "agent_id",
            "attempt",
            "correlation",
            "event_id",
            "facts");

    private final AuditEntries entries;
    private final JsonMapper json;

    AuditExport(AuditEntries entries, JsonMapper json) {
        this.entries = entries;
        this.json = json;
    }

    void jsonLines(Filter filter, Writer out) throws IOException {
        each(filter, entry -> {
            out.write(json.writeValueAsString(object(entry)));
            out.write('\n');
        });
    }

    void csv(Filter filter, Writer out) throws IOException {
        out.write(String.join(",", COLUMNS) + "\r\n");
        each(filter, entry -> {
            ObjectNode values = object(entry);
            out.write(COLUMNS.stream()
                            .map(column -> cell(
                                    "facts".equals(column)
                                            ? entry.facts()
                                            : values.path(column).asString("")))
                            .collect(Collectors.joining(","))
                    + "\r\n");
        });
    }

    /**
     * One quoted cell. What a spreadsheet would take for a formula is led by an apostrophe (CWE-1236).
     */
    static String cell(@Nullable String value) {
        String text = value == null ? "" : value;
        boolean formula = !text.isEmpty() && "=+-@\t\r\n|".indexOf(text.charAt(0)) >= 0;
        return '"' + (formula ? "'" : "") + text.replace("\"", "\"\"") + '"';
    }

    ObjectNode object(Entry entry) {
        ObjectNode object = json.createObjectNode();
        object.put("position", entry.position());
        object.put("at", entry.at().toString());
        object.put("event", entry.event());
        object.put("sentence", entry.sentence());
        object.put("actor", entry.actor());
        object.put("actor_name", entry.actorName());
        object.put("source", entry.source());
        object.put("connector", entry.connectorName());
        object.put("connector_id", text(entry.connectorId()));
        object.put("agent", entry.agentName());
        object.put("agent_id", text(entry.agentId()));
        object.put("attempt", text(entry.attempt()));
        object.put("correlation", entry.correlation());
        object.put("event_id", entry.eventId());
        object.set("facts", json.readTree(entry.facts()));
        return object;
    }

    private void each(Filter filter, Line line) throws IOException {
        long position = Long.MIN_VALUE;
        while (true) {
            List<Entry> batch = entries.after(filter, position, BATCH);
            for (int i = batch.size() - 1; i >= 0; i--) {
                line.write(batch.get(i));
            }
            if (batch.size() < BATCH) {
                return;
            }
            position = batch.get(0).position();
        }
    }

    private interface Line {
        void write(Entry entry) throws IOException;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
