package dev.claviger.credentials.vault;

import dev.claviger.credentials.api.RefreshFailure;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.Unreachable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of one token request. */
public sealed interface RefreshOutcome {

    /**
     * @param refreshToken null where the response had none: the old one stays (RFC 6749 section 6)
     * @param expiresIn lifetime of the access token; null where the response did not say
     * @param scope null where the response did not say: unchanged
     * @param refreshExpiresIn after what time the refresh token dies unless it is used before; null: not known
     */
    record Refreshed(
            Secret accessToken,
            @Nullable Secret refreshToken,
            @Nullable Duration expiresIn,
            @Nullable String scope,
            @Nullable Duration refreshExpiresIn)
            implements RefreshOutcome {}

    /**
     * The grant is dead: {@code invalid_grant}.
     *
     * @param description what the server said to it; of a grant without a person, what to do about it, in sentences
     */
    record Rejected(String error, @Nullable String description) implements RefreshOutcome {}

    /**
     * Nothing is known about the grant.
     *
     * @param answerMayBeLost true when the request was sent and no complete answer came: the server may have rotated
     * @param retryAfter as the server asked, where it did
     */
    record Failed(
            RefreshFailure failure,
            String detail,
            boolean answerMayBeLost,
            @Nullable Duration retryAfter) implements RefreshOutcome {

        /** The server did not answer, or asked for a pause. */
        public static Failed of(Unreachable e) {
            return new Failed(
                    e.isThrottled() ? RefreshFailure.THROTTLED : RefreshFailure.TRANSIENT,
                    String.valueOf(e.getMessage()),
                    e.answerMayBeLost(),
                    e.retryAfter());
        }
    }
}
