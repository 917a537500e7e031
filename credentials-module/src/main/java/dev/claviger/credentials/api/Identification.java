package dev.claviger.credentials.api;

import org.jspecify.annotations.Nullable;

/**
 * What came of asking a provider who we are.
 *
 * @param account null: nobody knows
 * @param why nobody knows, a sentence in our words; null where the account is known
 * @param doubted something was told that cannot be believed, or what an admin chose to be asked did not say; either is more
 *     than silence
 */
public record Identification(
        @Nullable Account account, @Nullable String why, boolean doubted) {

    public static Identification of(Account account) {
        return new Identification(account, null, false);
    }

    /** The provider does not tell. */
    public static Identification untold(String why) {
        return new Identification(null, why, false);
    }

    /** The provider told something that must not be believed, or did not say what it was to say. */
    public static Identification doubted(String why) {
        return new Identification(null, why, true);
    }
}
