package dev.claviger.oauth;

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

    /** Whether the server says in so many words that it does not take our client; a bare 401 may mean anything. */
    static boolean namesOurClient(Denied denied) {
        return OUR_CLIENT.contains(denied.error().toLowerCase(Locale.ROOT));
    }

    static RefreshDenial of(Denied denied) {
        String error = denied.error().toLowerCase(Locale.ROOT);
        String description =
                denied.description() == null ? "" : denied.description().toLowerCase(Locale.ROOT);
        if (DEAD.contains(error)) {
            return GRANT_DEAD;
        }
        if (namesOurClient(denied)) {
            return CLIENT;
        }
        boolean clientError = denied.status() == 400 || denied.status() == 401;
        if (clientError
                && !SOMETHING_ELSE.contains(error)
                && DEAD_IN_WORDS
                        .matcher(error.replace('_', ' ') + " " + description)
                        .find()) {
            return GRANT_DEAD;
        }
        return denied.status() == 401 ? CLIENT : UNKNOWN;
    }
}
