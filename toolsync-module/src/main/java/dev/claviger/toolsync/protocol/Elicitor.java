package dev.claviger.toolsync.protocol;

import dev.claviger.toolsync.api.ToolCalls.InputAsked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Answers elicitations (MCP client/elicitation). Called on the thread of the call, once for each. */
public interface Elicitor {

    Answer answer(InputAsked asked);

    /** @param content what the person filled in; only for {@link Action#ACCEPT} of a form */
    record Answer(Action action, @Nullable ObjectNode content) {}

    /** What the person did. */
    enum Action {
        ACCEPT,
        DECLINE,
        CANCEL
    }
}
