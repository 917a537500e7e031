package dev.claviger.credentials.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The quick way to credentials that need no refresh, many at a time in the caller's transaction, so that its commit is the
 * commit of every use. {@link FreshCredentials} is the way to all others.
 */
public interface HandOuts {

    /** What a use is for whose asker has the token set already. */
    String STILL_VALID = "still valid";

    /**
     * @param has whether the asker has the token set of this generation already; then nothing is opened and the use is
     *     recorded as {@link #STILL_VALID}
     */
    record Ask(CredentialId credentialId, UsedBy usedBy, LongPredicate has) {}

    /** A token set in force, whose use is recorded if the transaction commits. */
    interface HandedOut {

        long generation();

        /** When it dies as far as the issuer told; null: unknown or never. */
        @Nullable
        Instant expiresAt();

        /** Whether the asker has it already. */
        boolean stillValid();

        /**
         * Answers the credential in the open; empty when it went out of force after the commit and was destroyed.
         *
         * @throws IllegalStateException before the transaction has committed, and where the asker has it already: no use
         *     record, no secret
         */
        Optional<FreshCredential> open();
    }

    /**
     * Answers in the order of the questions; empty where there is no such credential, it is not in force or went out of
     * force meanwhile, or it would have to be refreshed first. Only what is answered is recorded.
     */
    List<Optional<HandedOut>> handOut(List<Ask> asks);
}
