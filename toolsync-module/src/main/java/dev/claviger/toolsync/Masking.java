package dev.claviger.toolsync;

import dev.claviger.credentials.api.Secret;
import dev.claviger.toolsync.api.ToolCalls.InputAsked;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Takes the credentials that a call showed out of what the server answers: careless servers repeat what they were sent. */
final class Masking {

    private final List<Secret> shown = new ArrayList<>();

    void add(Secret secret) {
        shown.add(secret);
    }

    String of(String text) {
        String masked = text;
        for (Secret secret : shown) {
            masked = secret.strikeFrom(masked);
        }
        return masked;
    }

    JsonNode of(JsonNode node) {
        if (node.isString()) {
            return JsonNodeFactory.instance.stringNode(of(node.stringValue()));
        }
        if (node.isObject()) {
            ObjectNode masked = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(entry -> masked.set(of(entry.getKey()), of(entry.getValue())));
            return masked;
        }
        if (node.isArray()) {
            ArrayNode masked = JsonNodeFactory.instance.arrayNode();
            node.values().forEach(value -> masked.add(of(value)));
            return masked;
        }
        return node;
    }

    InputAsked of(InputAsked asked) {
        JsonNode schema = asked.requestedSchema();
        String url = asked.url();
        return new InputAsked(
                of(asked.key()), of(asked.message()), schema == null ? null : of(schema), url == null ? null : of(url));
    }
}
