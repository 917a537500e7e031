package dev.claviger.credentials.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a credential. {@code generation} counts the token sets: 1 is the one first issued, each refresh adds
 * one.
 */
public sealed interface CredentialEvent {

    CredentialId credentialId();

    /**
     * The first token set is sealed and usable.
     *
     * @param renewedByGrant whether a new one is had by asking for the grant again, without a refresh token and without a
     *     person; null: no
     * @param refreshTokenExpiresAt when the refresh token dies unless it is used before; null: not known
     */
    record TokenIssued(
            CredentialId credentialId,
            CredentialKind kind,
            SecretRef accessToken,
            @Nullable SecretRef refreshToken,
            @Nullable String headerName,
            Instant issuedAt,
            @Nullable Instant expiresAt,
            @Nullable String scope,
            @Nullable String issuer,
            @Nullable Boolean renewedByGrant,
            @Nullable Instant refreshTokenExpiresAt)
            implements CredentialEvent {

        /** A token set that is renewed by its refresh token, or not at all. */
        public TokenIssued(
                CredentialId credentialId,
                CredentialKind kind,
                SecretRef accessToken,
                @Nullable SecretRef refreshToken,
                @Nullable String headerName,
                Instant issuedAt,
                @Nullable Instant expiresAt,
                @Nullable String scope,
                @Nullable String issuer) {
            this(
                    credentialId,
                    kind,
                    accessToken,
                    refreshToken,
                    headerName,
                    issuedAt,
                    expiresAt,
                    scope,
                    issuer,
                    null,
                    null);
        }

        /** Whether a new token set can be had without a person. */
        public boolean renewsItself() {
            return refreshToken != null || Boolean.TRUE.equals(renewedByGrant);
        }
    }

    /**
     * A new token set took the place of the old one.
     *
     * @param refreshToken the refresh token now in force: the new one, or the old one where none was returned (RFC 6749
     *     section 6); null where the grant was asked for again instead
     * @param rotated whether the authorization server returned a new refresh token
     * @param scope the granted scope where the response named one
     * @param refreshTokenExpiresAt when the refresh token dies unless it is used before; null: not known
     */
    record TokenRefreshed(
            CredentialId credentialId,
            long generation,
            SecretRef accessToken,
            @Nullable SecretRef refreshToken,
            boolean rotated,
            Instant refreshedAt,
            @Nullable Instant expiresAt,
            @Nullable String scope,
            @Nullable Instant refreshTokenExpiresAt)
            implements CredentialEvent {

        /** A token set whose refresh token lives as long as nobody knows. */
        public TokenRefreshed(
                CredentialId credentialId,
                long generation,
                SecretRef accessToken,
                @Nullable SecretRef refreshToken,
                boolean rotated,
                Instant refreshedAt,
                @Nullable Instant expiresAt,
                @Nullable String scope) {
            this(credentialId, generation, accessToken, refreshToken, rotated, refreshedAt, expiresAt, scope, null);
        }
    }

    /**
     * Somebody said after how long without use the refresh token dies; the authorization server may have told another time.
     *
     * @param days null: nobody knows any more
     */
    record IdleLimitSet(CredentialId credentialId, @Nullable Integer days) implements CredentialEvent {}

    /**
     * The authorization server says the grant is dead; only a new consent helps. Nothing is deleted.
     *
     * @param error the OAuth error code (RFC 6749 section 5.2)
     * @param description what the server said to it; of a grant without a person, what to do about it, in sentences
     * @param answerLost whether the answer to an earlier try with the same refresh token may have been lost, and the new
     *     one with it, so that the grant need not have been revoked by anybody; null: no
     */
    record RefreshRejected(
            CredentialId credentialId,
            long generation,
            String error,
            @Nullable String description,
            @Nullable Boolean answerLost)
            implements CredentialEvent {

        /** A rejection that no lost answer explains. */
        public RefreshRejected(CredentialId credentialId, long generation, String error, @Nullable String description) {
            this(credentialId, generation, error, description, null);
        }
    }

    /**
     * No refresh has succeeded for as long as is waited for one, or the server refused it again and again without a word
     * about the grant; from now on nobody tries, and only a new consent helps. Nothing is deleted.
     *
     * @param failure why the last one failed
     * @param failingSince when the first of them failed
     * @param attempts how many have failed
     */
    record RefreshGivenUp(
            CredentialId credentialId,
            long generation,
            RefreshFailure failure,
            String detail,
            Instant failingSince,
            int attempts)
            implements CredentialEvent {}

    /**
     * A refresh failed without saying anything about the grant. The first of a row of failures is recorded.
     *
     * @param failure why, for backoff and for words
     * @param givenUpAt when nobody tries any more, should none succeed before and each fail for the same reason; null: not
     *     known
     */
    record RefreshFailed(
            CredentialId credentialId,
            long generation,
            RefreshFailure failure,
            String detail,
            @Nullable Instant givenUpAt)
            implements CredentialEvent {

        /** A failure of which nobody said how long it is borne. */
        public RefreshFailed(CredentialId credentialId, long generation, RefreshFailure failure, String detail) {
            this(credentialId, generation, failure, detail, null);
        }
    }

    /**
     * The answer to a refresh may have been lost. One more try follows; after a second loss tries go on only at long
     * pauses, and of those one an hour is recorded.
     *
     * @param since when the attempt began whose answer nobody saw
     */
    record RefreshInDoubt(CredentialId credentialId, long generation, Instant since) implements CredentialEvent {}

    /** Unusable from this moment on. */
    record TokenRevoked(CredentialId credentialId, CredentialKind kind, String reason) implements CredentialEvent {}

    /**
     * A refresh was under way when the credential was revoked, and this came of it. Nobody is given it; it is sealed only
     * until the provider has been told.
     */
    record LateTokensSealed(
            CredentialId credentialId,
            SecretRef accessToken,
            @Nullable SecretRef refreshToken) implements CredentialEvent {}

    /** The sealed secrets are destroyed; the history stays. */
    record SecretsShredded(CredentialId credentialId, List<String> fingerprints, String provider)
            implements CredentialEvent {}
}
