package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.api.ToolCalls.InputAsked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers what a legacy server asks of us, and notes what it tells us: {@code ping} always, {@code elicitation/create} during
 * a call, anything else with "method not found", so that it never hangs (C101).
 */
final class ServerRequests {

    private static final int MOST = 100;

    private @Nullable Elicitor elicitor;
    private int count;
    private volatile boolean toolsChanged;

    /** @param elicitor who answers from now on; null: nobody */
    void answerWith(@Nullable Elicitor elicitor) {
        this.elicitor = elicitor;
    }

    boolean mayElicit() {
        return elicitor != null;
    }

    ObjectNode answer(JsonNode request) {
        if (++count > MOST) {
            throw new Untrusted(
                    FailureCode.LIMIT_EXCEEDED,
                    "The server asked more than %d things of us instead of answering".formatted(MOST));
        }
        String method = request.path("method").stringValue("");
        if (method.equals("ping")) {
            return JsonRpc.response(request, JsonRpc.object());
        }
        if (method.equals(Elicitations.METHOD) && elicitor != null) {
            JsonNode params = request.path("params");
            InputAsked asked = Elicitations.asked(Elicitations.keyOf(params), params);
            return JsonRpc.response(request, Elicitations.result(asked, elicitor.answer(asked)));
        }
        return JsonRpc.refusal(request, JsonRpc.METHOD_NOT_FOUND, "Method not found");
    }

    void note(JsonNode notification) {
        if (notification.path("method").stringValue("").equals("notifications/tools/list_changed")) {
            toolsChanged = true;
        }
    }

    /** Whether the server said so since the last time this was asked (C98). */
    boolean toolsChanged() {
        boolean changed = toolsChanged;
        toolsChanged = false;
        return changed;
    }
}
