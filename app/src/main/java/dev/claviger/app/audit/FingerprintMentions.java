package dev.claviger.app.audit;

import java.util.HashSet;
import java.util.Set;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes down which event mentions which fingerprint; from the first event on, whatever module it is of. */
@Component
@ProcessingGroup("app-fingerprints")
class FingerprintMentions {

    private final JsonMapper json;
    private final JdbcClient jdbc;

    FingerprintMentions(JsonMapper json, JdbcClient jdbc) {
        this.json = json;
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(EventMessage<?> message) {
        Set<String> fingerprints = new HashSet<>();
        collect(json.valueToTree(message.getPayload()), false, fingerprints);
        for (String fingerprint : fingerprints) {
            jdbc.sql("""
                            insert into app.fingerprint_mention (fingerprint, event_id) values (:fingerprint, :event)
                            on conflict do nothing""")
                    .param("fingerprint", fingerprint)
                    .param("event", message.getIdentifier())
                    .update();
        }
    }

    private static void collect(JsonNode node, boolean named, Set<String> fingerprints) {
        if (node.isString() && named) {
            fingerprints.add(node.asString());
        } else if (node.isArray()) {
            node.forEach(item -> collect(item, named, fingerprints));
        } else {
            node.properties()
                    .forEach(field -> collect(
                            field.getValue(),
                            field.getKey().equals("fingerprint")
                                    || field.getKey().equals("fingerprints"),
                            fingerprints));
        }
    }
}
