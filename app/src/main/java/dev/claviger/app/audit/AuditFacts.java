package dev.claviger.app.audit;

import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The facts of an event for the trail: the event itself, with references to secrets shown as fingerprints, tools by name,
 * and without hashes that only a machine can use.
 */
@Component
class AuditFacts {

    private static final Set<String> FOR_MACHINES = Set.of("boundTo", "stateHash", "hash");

    private final JsonMapper json;

    AuditFacts(JsonMapper json) {
        this.json = json;
    }

    String of(Object event) {
        return json.writeValueAsString(shown(json.valueToTree(event)));
    }

    private JsonNode shown(JsonNode node) {
        if (node instanceof ArrayNode array) {
            ArrayNode items = json.createArrayNode();
            array.forEach(item -> items.add(shown(item)));
            return items;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        if (object.size() == 2 && object.has("id") && object.has("fingerprint")) {
            return json.getNodeFactory()
                    .stringNode("fingerprint " + object.get("fingerprint").asString());
        }
        if (object.size() == 2 && object.has("name") && object.has("definition")) {
            return object.get("name");
        }
        ObjectNode facts = json.createObjectNode();
        for (Map.Entry<String, JsonNode> fact : object.properties()) {
            if (!FOR_MACHINES.contains(fact.getKey()) && !fact.getValue().isNull()) {
                facts.set(fact.getKey(), shown(fact.getValue()));
            }
        }
        return facts;
    }
}
