package dev.claviger.demoprovider;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An error response in the form of OAuth.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749 section 5.2</a>
 */
final class OAuthError extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;

    OAuthError(int status, String error, String description) {
        super(description);
        this.status = status;
        this.error = error;
    }

    int status() {
        return status;
    }

    String error() {
        return error;
    }

    String description() {
        return String.valueOf(getMessage());
    }

    /** Without a code: what a framework says that knows nothing of OAuth. */
    Map<String, Object> body() {
        if (error.isEmpty()) {
            return Map.of("message", description());
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", error);
        body.put("error_description", description());
        return body;
    }
}
