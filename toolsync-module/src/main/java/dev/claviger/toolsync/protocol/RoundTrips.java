package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.api.ToolCalls.InputAsked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls again with the input that was asked for, until the result is complete, somebody declines, or it has been often enough
 * (C80).
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr">MCP 2026-07-28, multi
 *     round-trip requests</a>
 */
final class RoundTrips {

    private static final int ROUNDS = 10;
    private static final int QUESTIONS = 20;
    private static final Duration STATE_ONLY = Duration.ofMillis(250);

    /** One request, always under a new id. */
    interface Round {

        /**
         * @param inputs {@code inputResponses} and {@code requestState}, as far as this round has them
         * @return the result, whatever its type
         */
        JsonNode ask(ObjectNode inputs);

        List<String> findings(JsonNode result);
    }

    private final Elicitor elicitor;
    private final Door door;

    RoundTrips(Elicitor elicitor, Door door) {
        this.elicitor = elicitor;
        this.door = door;
    }

    CallResult call(Round round) {
        ObjectNode inputs = JsonRpc.object();
        for (int i = 1; i <= ROUNDS; i++) {
            JsonNode result = round.ask(inputs);
            String type = Replies.kind(result);
            if (type.equals("complete")) {
                return new CallResult.Result(result, round.findings(result));
            }
            if (!type.equals("input_required")) {
                throw Verdict.protocolError("The tool's result is of a kind that we do not know: "
                        + RemoteText.quote(type, door.secrets()));
            }
            inputs = JsonRpc.object();
            List<InputAsked> declined = answer(result, inputs);
            if (!declined.isEmpty()) {
                return new CallResult.InputRequired(declined);
            }
            if (!inputs.has("inputResponses")) {
                // The server asks for nothing but another try; it gets one, without hurry.
                Pause.of(STATE_ONLY.multipliedBy(i), door.budget());
            }
        }
        throw new Untrusted(
                FailureCode.LIMIT_EXCEEDED, "The tool asked for input %d times without a result".formatted(ROUNDS));
    }

    private static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(point -> Character.getType(point) == Character.SURROGATE);
    }

    /** Fills in what was asked; answers all the questions when one of them was not accepted. */
    private List<InputAsked> answer(JsonNode result, ObjectNode inputs) {
        JsonNode requests = result.path("inputRequests");
        JsonNode state = result.path("requestState");
        if (!state.isMissingNode() && !(state.isString() && isUnicode(state.stringValue()))) {
            throw Verdict.protocolError("The tool's requestState is no text that could be sent back as it is");
        }
        if (state.isString()) {
            inputs.put("requestState", state.stringValue());
        }
        if (!requests.isObject() || requests.isEmpty()) {
            if (!state.isString()) {
                throw Verdict.protocolError("The tool wants input and does not say what");
            }
            return List.of();
        }
        if (requests.size() > QUESTIONS) {
            throw new Untrusted(
                    FailureCode.LIMIT_EXCEEDED, "The tool asks more than %d things at once".formatted(QUESTIONS));
        }
        List<InputAsked> asked = new ArrayList<>();
        ObjectNode responses = JsonRpc.object();
        boolean allAccepted = true;
        for (Map.Entry<String, JsonNode> request : requests.properties()) {
            if (!request.getValue().path("method").stringValue("").equals(Elicitations.METHOD)) {
                throw Verdict.protocolError("The tool wants something of us that we did not offer: "
                        + RemoteText.quote(request.getValue().path("method").stringValue(""), door.secrets()));
            }
            InputAsked question =
                    Elicitations.asked(request.getKey(), request.getValue().path("params"));
            Elicitor.Answer answer = elicitor.answer(question);
            asked.add(question);
            allAccepted &= answer.action() == Elicitor.Action.ACCEPT;
            responses.set(request.getKey(), Elicitations.result(question, answer));
        }
        inputs.set("inputResponses", responses);
        return allAccepted ? List.of() : asked;
    }
}
