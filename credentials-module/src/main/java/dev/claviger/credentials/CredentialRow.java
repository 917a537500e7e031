package dev.claviger.credentials;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialState;
import dev.claviger.credentials.api.RefreshFailure;
import dev.claviger.credentials.api.SecretRef;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A credential as the database has it now.
 *
 * @param since when the token set in force was obtained
 * @param coolingFor how long nobody may try to refresh it; null: one may
 * @param failure the class of the last failure, or one of the three ways in which a grant ends; null: there was none
 * @param failures how many refreshes of the token set in force have failed
 * @param renewedByGrant whether it is renewed by asking for the grant again, without a refresh token
 * @param trouble the detail of the last failure; null: there was none
 * @param frozen whether a freeze covers it, for whom it was read
 * @param rowVersion PostgreSQL's {@code xmin}: the row is another one as soon as anything of it was changed
 */
record CredentialRow(
        CredentialId credentialId,
        CredentialKind kind,
        CredentialState state,
        long generation,
        SecretRef accessToken,
        @Nullable SecretRef refreshToken,
        @Nullable String headerName,
        Instant since,
        @Nullable Instant expiresAt,
        @Nullable Duration coolingFor,
        @Nullable String failure,
        int failures,
        boolean renewedByGrant,
        @Nullable String trouble,
        boolean frozen,
        String rowVersion) {

    /** How a grant ends, beside the classes of {@link RefreshFailure}, which leave it alone. */
    static final String GRANT_DEAD = "GRANT_DEAD";

    static final String ANSWER_LOST = "ANSWER_LOST";
    static final String GIVEN_UP = "GIVEN_UP";

    /** Many servers say with some other word that a grant is dead; once or twice it may be a slip. */
    private static final int DENIALS_THAT_NEED_A_PERSON = 5;

    /** Whether the last refresh failed because of our client, not of the grant. */
    boolean clientRefused() {
        return RefreshFailure.CLIENT.name().equals(failure);
    }

    /** Whether the server refuses it again and again without a word about the grant. */
    boolean deniedAgainAndAgain() {
        return RefreshFailure.DENIED.name().equals(failure) && failures >= DENIALS_THAT_NEED_A_PERSON;
    }

    /** An unknown end is no reason to refresh ahead: a server may rotate or forget for nothing. */
    boolean needsRefresh(Instant now, RefreshSettings settings) {
        return isRenewable()
                && expiresAt != null
                && !now.isBefore(expiresAt.minus(settings.marginOf(since, expiresAt)));
    }

    /** Whether a new token set can be had without a person. */
    boolean isRenewable() {
        return refreshToken != null || renewedByGrant;
    }

    boolean isAlive(Instant now) {
        return expiresAt == null || now.isBefore(expiresAt);
    }

    /** Whether it had ended when it was written down. */
    boolean isBornDead() {
        return expiresAt != null && !expiresAt.isAfter(since);
    }

    /** How long it is until a refusal of this token set is a reason to renew it; zero: now, and always for the first. */
    Duration untilRenewableAfterRefusal(Instant now, RefreshSettings settings) {
        Duration left = Duration.between(now, since.plus(settings.refusalCoolDown()));
        return generation == 1 || left.isNegative() ? Duration.ZERO : left;
    }

    /** Whether {@code generation} is still what a refresh would replace. */
    boolean isRefreshable(long ofGeneration) {
        return state == CredentialState.ACTIVE && generation == ofGeneration && isRenewable();
    }
}
