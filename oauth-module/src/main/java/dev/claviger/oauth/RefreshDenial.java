package dev.claviger.oauth;

import dev.claviger.credentials.api.RefreshFailure;
import dev.claviger.oauth.protocol.TokenAnswer.Denied;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a refused refresh says of the grant. Only a clear word makes it dead; everything else leaves it alone. */
enum RefreshDenial {
    GRANT_DEAD,
    CLIENT,
    UNKNOWN;

    /** {@code invalid_grant} (RFC 6749 section 5.2), and how some providers call it. */
    private static final Set<String> DEAD =
            Set.of("invalid_grant", "bad_refresh_token", "invalid_refresh_token", "expired_token", "token_expired");

    private static final Set<String> OUR_CLIENT = Set.of("invalid_client", "unauthorized_client", "invalid_client_id");

    /** Registered codes that say what is wrong, and that it is not the token; no words beside them say otherwise. */
    private static final Set<String> SOMETHING_ELSE = Set.of(
            "unsupported_grant_type",
            "invalid_scope",
            "invalid_target",
            "insufficient_scope",
            "access_denied",
            "server_error",
            "temporarily_unavailable",
            "slow_down",
            "authorization_pending",
            "invalid_dpop_proof",
            "use_dpop_nonce");

    private static final String GRANT = "(refresh.?token|grant(?!.?type))";
    private static final String GONE = "(invalid|expired|revoked|unknown)";

    /** Some say {@code invalid_request} and mean the token, some {@code Grant not found}. */
    private static final Pattern DEAD_IN_WORDS =
            Pattern.compile("\\b" + GRANT + "\\b[^.;:]{0,40}\\b(" + GONE + "|not found|does not exist)\\b|\\b" + GONE
                    + "((,| or| and)+ " + GONE + ")* (the |this )?" + GRANT + "\\b");

    private static final String CLIENT_ID = "client([ _]id)?";

    /** What may be wrong with a client that is known. */
    private static final String BUT_NOT_OF =
            "(?![ _]?(secret|metadata|assertion|auth|credential|certificate|name|uri|type|scope|redirect|grant))";

    /** Some say with 422, or in words of their own, {@code Unrecognized client_id} or {@code Client 7f3a not found}. */
    private static final Pattern FORGOTTEN_IN_WORDS = Pattern.compile(
            "\\b(unknown|unrecogni[sz]ed|unregistered|invalid|no such|non-?existent) (oauth )?" + CLIENT_ID + "\\b"
                    + BUT_NOT_OF + "|\\b" + CLIENT_ID + ":?( [\"'“‘(]\\S+| \\S*\\d\\S*)?"
                    + " ((is|was|has|been|could|does|do) )*(unknown|invalid|unrecogni[sz]ed|unregistered|deleted|"
                    + "not (be )?(found|known|recogni[sz]ed|registered|exist))\\b(?! (for|to|with)\\b)");

    /** Whether the server says in so many words that it does not take our client; a bare 401 may mean anything. */
    static boolean namesOurClient(Denied denied) {
        String error = code(denied);
        return OUR_CLIENT.contains(error)
                || (!DEAD.contains(error)
                        && !SOMETHING_ELSE.contains(error)
                        && FORGOTTEN_IN_WORDS.matcher(words(denied)).find());
    }

    static RefreshDenial of(Denied denied) {
        if (DEAD.contains(code(denied))) {
            return GRANT_DEAD;
        }
        if (namesOurClient(denied)) {
            return CLIENT;
        }
        boolean clientError = denied.status() == 400 || denied.status() == 401;
        if (clientError
                && !SOMETHING_ELSE.contains(code(denied))
                && DEAD_IN_WORDS.matcher(words(denied)).find()) {
            return GRANT_DEAD;
        }
        return denied.status() == 401 ? CLIENT : UNKNOWN;
    }

    /** What a refusal that is about neither the grant nor our client is, by its code; empty: it had none. */
    static RefreshFailure failure(String error) {
        return switch (error.toLowerCase(Locale.ROOT)) {
            case "" -> RefreshFailure.UNKNOWN;
            case "server_error", "temporarily_unavailable" -> RefreshFailure.TRANSIENT;
            case "slow_down" -> RefreshFailure.THROTTLED;
            default -> RefreshFailure.DENIED;
        };
    }

    private static String code(Denied denied) {
        return denied.error().toLowerCase(Locale.ROOT);
    }

    private static String words(Denied denied) {
        String description = denied.description() == null ? "" : denied.description();
        return code(denied).replace('_', ' ') + " " + description.toLowerCase(Locale.ROOT);
    }
}
