package dev.claviger.credentials;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.RefreshFailure;
import dev.claviger.credentials.api.SecretRef;
import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What came of a refresh; only this module may record it. {@code generation} is the token set that was refreshed. */
sealed interface CredentialOutcome {

    CredentialId credentialId();

    /**
     * @param refreshToken null where the response had none: the old one stays
     * @param refreshTokenExpiresAt when the refresh token dies unless it is used before; null: not known
     */
    record RecordRefresh(
            @TargetAggregateIdentifier CredentialId credentialId,
            long generation,
            SecretRef accessToken,
            @Nullable SecretRef refreshToken,
            @Nullable Instant expiresAt,
            @Nullable String scope,
            @Nullable Instant refreshTokenExpiresAt)
            implements CredentialOutcome {}

    /** @param answerLost whether the answer to an earlier try with the same refresh token may have been lost */
    record RecordRefreshRejected(
            @TargetAggregateIdentifier CredentialId credentialId,
            long generation,
            String error,
            @Nullable String description,
            boolean answerLost)
            implements CredentialOutcome {}

    /**
     * Ends the tries.
     *
     * @param failure why the last one failed
     * @param failingSince when the first of them failed
     */
    record GiveUpRefresh(
            @TargetAggregateIdentifier CredentialId credentialId,
            long generation,
            RefreshFailure failure,
            String detail,
            Instant failingSince,
            int attempts)
            implements CredentialOutcome {}

    /** @param givenUpAt when nobody tries any more, should this go on; null: not known */
    record RecordRefreshFailed(
            @TargetAggregateIdentifier CredentialId credentialId,
            long generation,
            RefreshFailure failure,
            String detail,
            @Nullable Instant givenUpAt)
            implements CredentialOutcome {

        RecordRefreshFailed(CredentialId credentialId, long generation, RefreshFailure failure, String detail) {
            this(credentialId, generation, failure, detail, null);
        }
    }

    /** What a refresh brought to a credential that was revoked meanwhile. */
    record RecordLateTokens(
            @TargetAggregateIdentifier CredentialId credentialId,
            SecretRef accessToken,
            @Nullable SecretRef refreshToken)
            implements CredentialOutcome {}

    /** @param since when the attempt began whose answer nobody saw */
    record RecordRefreshInDoubt(@TargetAggregateIdentifier CredentialId credentialId, long generation, Instant since)
            implements CredentialOutcome {}
}
