package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a token endpoint answered. */
public sealed interface TokenAnswer {

    /**
     * @param expiresIn null where it did not say anything usable
     * @param scope null: as asked
     * @param refreshExpiresIn after what time the refresh token dies unless it is used before, which no RFC names but many
     *     servers tell; null: it did not say anything usable
     * @param idToken OpenID Connect Core section 3.1.3.3; null: none came, or one that is too long or not printable
     */
    record Tokens(
            Secret accessToken,
            @Nullable Secret refreshToken,
            @Nullable Duration expiresIn,
            @Nullable String scope,
            @Nullable Duration refreshExpiresIn,
            @Nullable Secret idToken)
            implements TokenAnswer {

        /** Of an answer that tells neither an end of the refresh token nor who consented. */
        public Tokens(
                Secret accessToken,
                @Nullable Secret refreshToken,
                @Nullable Duration expiresIn,
                @Nullable String scope) {
            this(accessToken, refreshToken, expiresIn, scope, null, null);
        }
    }

    /**
     * RFC 6749 section 5.2, or the like of it.
     *
     * @param error the code, fit to be shown; empty where there was none
     * @param description fit to be shown
     */
    record Denied(int status, String error, @Nullable String description) implements TokenAnswer {

        /** The code and what was said to it, for a message. */
        public String words() {
            return "HTTP " + status + (error.isEmpty() ? "" : ", " + error)
                    + (description == null ? "" : " (“" + description + "”)");
        }
    }

    /** A success that holds no token, for example a page of HTML: what the server did is not known. */
    record Unintelligible(String why) implements TokenAnswer {}
}
