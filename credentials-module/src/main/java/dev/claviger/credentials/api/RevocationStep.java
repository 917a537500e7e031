package dev.claviger.credentials.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step towards the end of a credential outside, and what came of it. Never holds a secret.
 *
 * @param detail what was asked and answered, sentences of ours; of the answer at most its status and its error code
 * @param nextTry when the step is tried again; null unless {@link Outcome#WAITING}
 */
public record RevocationStep(
        Kind kind,
        Outcome outcome,
        String detail,
        Instant at,
        @Nullable Instant nextTry) {

    public enum Kind {
        /** RFC 7009 section 2, of the refresh token. */
        REFRESH_TOKEN,
        /** RFC 7009 section 2, of the access token. */
        ACCESS_TOKEN,
        /** RFC 7009 section 2, of a refresh token that came while the credential was revoked. */
        LATE_REFRESH_TOKEN,
        /** RFC 7009 section 2, of an access token that came while the credential was revoked. */
        LATE_ACCESS_TOKEN,
        /** RFC 7662 section 2: whether the authorization server calls the token active. */
        INTROSPECTION,
        /** RFC 7592 section 2.3: our client there, when no other connection uses it. */
        CLIENT;

        /** Whether there may be several, each with an end of its own. */
        public boolean isLate() {
            return this == LATE_REFRESH_TOKEN || this == LATE_ACCESS_TOKEN;
        }
    }

    public enum Outcome {
        /** As it should be. */
        DONE,
        /** There is no way to do it here, or nothing to do it to. */
        NOT_SUPPORTED,
        /** Others need it; that is no fault. */
        KEPT,
        /** The other side answered and did not do it. */
        REFUSED,
        /** It is tried again at {@link RevocationStep#nextTry}. */
        WAITING,
        /** It was not done and is not tried any more; the detail says what to do by hand. */
        GIVEN_UP;

        /** Whether nothing more is tried. */
        public boolean isFinal() {
            return this != WAITING;
        }
    }
}
