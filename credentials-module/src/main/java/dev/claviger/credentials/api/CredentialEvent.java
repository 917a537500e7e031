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

    /** The first token set is sealed and usable. */
    record TokenIssued(
            CredentialId credentialId,
            CredentialKind kind,
            SecretRef accessToken,
            @Nullable SecretRef refreshToken,
            @Nullable String headerName,
            Instant issuedAt,
            @Nullable Instant expiresAt,
            @Nullable String scope,
            @Nullable String issuer)
            implements CredentialEvent {}

    /**
     * A new token set took the place of the old one.
     *
     * @param refreshToken the refresh token now in force: the new one, or the old one where none was returned (RFC 6749
     *     section 6)
     * @param rotated whether the authorization server returned a new refresh token
     * @param scope the granted scope where the response named one
     */
    record TokenRefreshed(
            CredentialId credentialId,
            long generation,
            SecretRef accessToken,
            SecretRef refreshToken,
            boolean rotated,
            Instant refreshedAt,
            @Nullable Instant expiresAt,
            @Nullable String scope)
            implements CredentialEvent {}

    /**
     * The authorization server says the grant is dead; only a new consent helps. Nothing is deleted.
     *
     * @param error the OAuth error code (RFC 6749 section 5.2)
     */
    record RefreshRejected(
            CredentialId credentialId,
            long generation,
            String error,
            @Nullable String description) implements CredentialEvent {}

    /**
     * A refresh failed without saying anything about the grant. The first of a row of failures is recorded.
     *
     * @param failure why, for backoff and for words
     */
    record RefreshFailed(CredentialId credentialId, long generation, RefreshFailure failure, String detail)
            implements CredentialEvent {}

    /**
     * The answer to a refresh may have been lost. One more try follows; after a second loss tries go on only at long
     * pauses, and of those one an hour is recorded.
     *
     * @param since when the attempt began whose answer nobody saw
     */
    record RefreshInDoubt(CredentialId credentialId, long generation, Instant since) implements CredentialEvent {}

    /** Unusable from this moment on. */
    record TokenRevoked(CredentialId credentialId, CredentialKind kind, String reason) implements CredentialEvent {}

    /** The sealed secrets are destroyed; the history stays. */
    record SecretsShredded(CredentialId credentialId, List<String> fingerprints, String provider)
            implements CredentialEvent {}
}
