package dev.claviger.credentials.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The quick way to credentials that need no refresh, many at a time with one statement, whose commit is the commit of every
 * use. {@link FreshCredentials} is the way to all others.
 */
public interface HandOuts {

    /** What a use is for whose asker has the token set already. */
    String STILL_VALID = "still valid";

    /**
     * @param has whether the asker has the token set of this generation already; then nothing is opened and the use is
     *     recorded as {@link #STILL_VALID}
     */
    record Ask(CredentialId credentialId, UsedBy usedBy, LongPredicate has) {}

    /**
     * What must hold in the database for anything to be recorded: so that it is looked at in the statement that records, the
     * one who asks gives it in SQL.
     *
     * @param sql about tables of the asking module, with one place for the parameter; nothing from outside may be part of it
     */
    record Condition(String sql, long parameter) {}

    /** A token set in force, whose use is on record. */
    interface HandedOut {

        long generation();

        /** When it dies as far as the issuer told; null: unknown or never. */
        @Nullable
        Instant expiresAt();

        /** Whether the asker has it already. */
        boolean stillValid();

        /**
         * Answers the credential in the open; empty when it went out of force meanwhile and was destroyed.
         *
         * @throws IllegalStateException where the asker has it already
         */
        Optional<FreshCredential> open();
    }

    /**
     * Answers in the order of the questions; empty where there is no such credential, it is not in force or went out of
     * force meanwhile, or it would have to be refreshed first. Only what is answered is recorded. Must be called without an
     * open transaction.
     */
    List<Optional<HandedOut>> handOut(List<Ask> asks);

    /**
     * As {@link #handOut}, if the condition holds at a moment between the call and the answer.
     *
     * @return null when it does not, or nobody looked since there is nothing to record; nothing is recorded then
     */
    @Nullable
    List<Optional<HandedOut>> handOutIf(Condition condition, List<Ask> asks);
}
