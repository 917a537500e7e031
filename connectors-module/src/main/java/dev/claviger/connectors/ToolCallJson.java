package dev.claviger.connectors;

import dev.claviger.connectors.ConnectorJson.FailureAnswer;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.toolsync.api.ToolCalls.InputAsked;
import dev.claviger.toolsync.api.ToolCalls.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tool calls as the admin API has them. */
final class ToolCallJson {

    private ToolCallJson() {}

    /**
     * What to call a tool with.
     *
     * @param callId chosen by the client: a call that was made before is refused (409), so that nothing is done twice
     * @param arguments by the tool's {@code inputSchema}; absent: none
     * @param agentId for whom, of a per-agent connector: {@code agent:<uuid>} or the bare UUID
     * @param input what to do when the server asks for input: {@code ask} (also when absent) tells what it asks, {@code
     *     accept_defaults} answers with the defaults of what it asks
     * @param answers prepared answers by the {@code key} of what was asked; they go before {@code input}. Of a URL an empty
     *     object says that the person went there
     */
    record Body(
            @Nullable UUID callId,
            @Nullable ObjectNode arguments,
            @Nullable String agentId,
            @Nullable String input,
            @Nullable Map<String, ObjectNode> answers) {}

    /**
     * How a call ended.
     *
     * @param state {@code completed}; {@code input_required}: call again with answers to {@code asked}; {@code
     *     authorization_required}: let a browser go to {@code authorizationUrl}, then call again; {@code
     *     approval_required}: the server moved to another authorization server, approve it at the connection first; {@code
     *     failed}
     * @param result the whole {@code CallToolResult} as received but for our credential in it; untrusted
     * @param isError whether the tool itself says that it failed
     * @param findings what is wrong with the result, in sentences
     * @param asked what the server asked the person
     * @param connectionId the attempt to connect that the call turned out to need
     * @param authorizationUrl null as well while it is not known yet: ask {@code GET /api/v1/connections/{connectionId}}
     * @param tookMillis from the first request to the end
     */
    record Answer(
            String state,
            UUID callId,
            @Nullable JsonNode result,
            boolean isError,
            List<String> findings,
            List<InputAsked> asked,
            @Nullable ConnectionId connectionId,
            @Nullable String authorizationUrl,
            @Nullable FailureAnswer failure,
            @Nullable Long tookMillis) {

        static Answer of(UUID callId, Outcome outcome, Duration took, String publicUrl) {
            if (outcome instanceof Outcome.Completed completed) {
                return new Answer(
                        "completed",
                        callId,
                        completed.result(),
                        completed.isError(),
                        completed.findings(),
                        completed.asked(),
                        null,
                        null,
                        null,
                        took.toMillis());
            }
            if (outcome instanceof Outcome.InputRequired required) {
                return new Answer(
                        "input_required",
                        callId,
                        null,
                        false,
                        List.of(),
                        required.asked(),
                        null,
                        null,
                        null,
                        took.toMillis());
            }
            Failure failure = outcome instanceof Outcome.Failed failed
                    ? failed.failure()
                    : new Failure(FailureCode.CREDENTIAL_REFUSED, "The server refuses the credential.");
            return new Answer(
                    "failed",
                    callId,
                    null,
                    false,
                    List.of(),
                    List.of(),
                    null,
                    null,
                    FailureAnswer.of(failure, publicUrl),
                    took.toMillis());
        }

        /** Of a call that was refused unprocessed. */
        static Answer of(UUID callId, ConnectionJson.Answer next) {
            return new Answer(
                    switch (next.next()) {
                        case "failed", "ended" -> "failed";
                        case "approval_required", "account_confirmation_required" -> next.next();
                        default -> "authorization_required";
                    },
                    callId,
                    null,
                    false,
                    List.of(),
                    List.of(),
                    next.connectionId(),
                    next.authorizationUrl(),
                    next.failure(),
                    null);
        }

        /** Hides the URL, which carries the {@code state}, and what the server said. */
        @Override
        public String toString() {
            return "Answer[" + state + " " + callId + "]";
        }
    }
}
