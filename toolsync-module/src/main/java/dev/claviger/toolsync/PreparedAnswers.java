package dev.claviger.toolsync;

import dev.claviger.toolsync.api.ToolCalls.InputAsked;
import dev.claviger.toolsync.api.ToolCalls.InputPolicy;
import dev.claviger.toolsync.protocol.Elicitor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Answers elicitations with what a person prepared, then by the policy; remembers what was asked. */
final class PreparedAnswers implements Elicitor {

    private final InputPolicy policy;
    private final Masking masking;
    private final Map<String, ObjectNode> prepared;
    private final Map<String, InputAsked> asked = new LinkedHashMap<>();
    private final Map<String, InputAsked> open = new LinkedHashMap<>();

    PreparedAnswers(InputPolicy policy, Map<String, ObjectNode> prepared, Masking masking) {
        this.policy = policy;
        this.masking = masking;
        this.prepared = prepared;
    }

    @Override
    public Answer answer(InputAsked received) {
        InputAsked input = masking.of(received);
        asked.put(input.key(), input);
        ObjectNode given = prepared.get(input.key());
        if (given != null) {
            // Of a URL elicitation only the consent is told, never what happened at the URL.
            return new Answer(Action.ACCEPT, input.url() == null ? given : null);
        }
        if (policy == InputPolicy.ACCEPT_DEFAULTS && input.requestedSchema() != null) {
            ObjectNode defaults = SchemaDefaults.of(input.requestedSchema());
            if (defaults != null) {
                return new Answer(Action.ACCEPT, defaults);
            }
        }
        open.put(input.key(), input);
        // Nobody has decided against it; the person has not seen it yet (MCP client/elicitation, response actions).
        return new Answer(policy == InputPolicy.ASK_THE_PERSON ? Action.CANCEL : Action.DECLINE, null);
    }

    /** Everything asked, answered or not. */
    List<InputAsked> asked() {
        return List.copyOf(asked.values());
    }

    /** What nobody answered. */
    List<InputAsked> open() {
        return List.copyOf(open.values());
    }
}
