package dev.claviger.toolsync.api;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.Failure;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls one tool once, for a person who waits for the answer. */
public interface ToolCalls {

    /**
     * Calls the tool and answers what came of it. Blocks for at most the time limit ({@code claviger.toolsync.call-time-limit},
     * 60 seconds); must be called without an open transaction. The call is recorded before anything is sent and again at its
     * end, whatever the end. A call whose answer may be lost is never repeated.
     *
     * @throws ToolCatalogRejected when the catalogue has no such tool, or {@code callId} was used before
     */
    Outcome call(ToolCall call);

    /**
     * @param callId names this call
     * @param arguments by the tool's {@code inputSchema}
     * @param serverUrl of the MCP server
     * @param headers custom headers, without secrets
     * @param credentialId whose credential to show; null: none
     * @param input what to do when the server asks for input
     * @param answers prepared answers by {@link InputAsked#key()}: they go before {@code input}
     */
    record ToolCall(
            ToolCatalogId catalogId,
            UUID callId,
            String tool,
            ObjectNode arguments,
            String serverUrl,
            Map<String, String> headers,
            @Nullable CredentialId credentialId,
            InputPolicy input,
            Map<String, ObjectNode> answers) {}

    /** What to do when a server elicits input for which no answer was prepared. */
    enum InputPolicy {
        /** Decline, and say what was asked. */
        ASK_THE_PERSON,
        /** Accept with the defaults that the requested schema names. */
        ACCEPT_DEFAULTS
    }

    /** What came of a call. */
    sealed interface Outcome {

        /**
         * @param result the whole {@code CallToolResult} as received (MCP server/tools), but for the credential that was
         *     shown, which is struck out where the server repeats it; untrusted
         * @param findings what is wrong with it, for example that {@code structuredContent} does not fit {@code
         *     outputSchema}; sentences of ours
         * @param asked what the server asked meanwhile, answered or not
         */
        record Completed(boolean isError, JsonNode result, List<String> findings, List<InputAsked> asked)
                implements Outcome {}

        /** The tool was not run to its end: the server wants these answers. Call again with them. */
        record InputRequired(List<InputAsked> asked) implements Outcome {}

        /**
         * The server does not let the credential do this.
         *
         * @param status 401, also where the credential had died before anything was sent, or 403
         * @param challenges the {@code WWW-Authenticate} values as received; empty where nothing was sent
         */
        record Challenged(int status, List<String> challenges) implements Outcome {}

        record Failed(Failure failure) implements Outcome {}
    }

    /**
     * An elicitation (MCP client/elicitation).
     *
     * @param key names it in {@link ToolCall#answers()}: the key of the server's {@code inputRequests}, or of a legacy
     *     server's request a hash of what it asks
     * @param message untrusted text
     * @param requestedSchema a flat object schema; null for a URL elicitation
     * @param url where a person is asked to go; null for a form. Untrusted: only https, shown as text with its host
     */
    record InputAsked(
            String key,
            String message,
            @Nullable JsonNode requestedSchema,
            @Nullable String url) {}
}
