package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Says what an answer that is no result means for the caller: wait, show another credential, or give up. */
final class Verdict {

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private Verdict() {}

    /**
     * Of a status that is not 2xx.
     *
     * @param body a JSON-RPC answer where the body was one; otherwise a missing node
     * @param inSession whether the request named a session
     */
    static RuntimeException onStatus(
            String method, OutboundResponse head, JsonNode body, boolean inSession, Collection<Secret> secrets) {
        int status = head.status();
        if (status == 401) {
            return new Unauthorized("The server answered HTTP 401 to " + method, head.headerValues("www-authenticate"));
        }
        if (status == 403) {
            return new Forbidden(
                    "The server answered HTTP 403 to %s: what we showed may not do this; check its permissions or scopes"
                            .formatted(method),
                    head.headerValues("www-authenticate"));
        }
        // C93 says 404; widely copied sample servers answer 400. Either way one new session tells.
        // An error with the id of a call is its answer: the tool may have run, so it is not called again.
        boolean answered = method.equals("tools/call") && body.hasNonNull("error") && body.hasNonNull("id");
        if (inSession && (status == 404 || status == 400 && !answered)) {
            return new SessionLost();
        }
        if (status == 408 || status == 429 || status >= 500) {
            // A proxy that gives up on a tool does not know how far the tool got.
            boolean mayHaveRun = method.equals("tools/call") && status != 429 && status != 503;
            return new Unreachable(
                    "The server answered HTTP %d to %s".formatted(status, method), mayHaveRun, wait(head));
        }
        if (body.hasNonNull("error")) {
            return onError(method, body, secrets);
        }
        return protocolError("The server answered HTTP %d to %s; %s".formatted(status, method, advice(status)));
    }

    /** Of a JSON-RPC error, or of what a server put in its place. */
    static RuntimeException onError(String method, JsonNode message, Collection<Secret> secrets) {
        JsonNode error = message.path("error");
        int code = JsonRpc.errorCode(message);
        String text =
                error.isString() ? error.stringValue() : error.path("message").stringValue("");
        JsonNode supported = error.path("data").path("supported");
        if (code == ModernError.UNSUPPORTED_VERSION
                || (method.equals("initialize")
                        && (supported.isArray() || text.toLowerCase(Locale.ROOT).contains("protocol version")))) {
            return Revisions.noneInCommon(supported, secrets);
        }
        if (code == ModernError.MISSING_CAPABILITY) {
            return protocolError("The server answers %s only to clients that can do what we do not offer: %s"
                    .formatted(method, RemoteText.quote(JsonRpc.write(error.path("data")), secrets)));
        }
        // A call that fails with such words may have failed half-way, at somebody else's door: it must not look
        // repeatable.
        if (!method.equals("tools/call") && DeadCredential.reportedIn(message)) {
            return new Unauthorized(
                    "The server refused the credential inside its answer to %s".formatted(method), List.of());
        }
        return protocolError(
                "The server answered %s with error %d %s".formatted(method, code, RemoteText.quote(text, secrets)));
    }

    /** Of what only reads: nothing of worth is lost with the answer. */
    static Unreachable harmless(Unreachable e) {
        Unreachable harmless = new Unreachable(String.valueOf(e.getMessage()), false, e.retryAfter());
        harmless.initCause(e);
        return harmless;
    }

    static Unreachable interrupted() {
        return new Unreachable("Interrupted while waiting for the server", true, null);
    }

    static Refused protocolError(String sentence) {
        return new Refused(FailureCode.MCP_PROTOCOL_ERROR, sentence);
    }

    private static String advice(int status) {
        if (status >= 300 && status < 400) {
            return "redirects are not followed: enter the address it redirects to";
        }
        if (status == 404 || status == 405) {
            return "there seems to be no Streamable HTTP endpoint at this URL: check its path";
        }
        return "check that the URL is the server's MCP endpoint";
    }

    private static @Nullable Duration wait(OutboundResponse head) {
        return head.header("retry-after")
                .filter(value -> value.matches("\\d{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                .map(asked -> asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked)
                .orElse(null);
    }
}
