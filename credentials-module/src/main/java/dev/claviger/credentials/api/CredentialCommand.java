package dev.claviger.credentials.api;

import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What may be asked of a credential from outside. Outcomes that only this module may record stand in the module. */
public sealed interface CredentialCommand {

    CredentialId credentialId();

    /**
     * Creates the credential from secrets that the sender has sealed in the same transaction. Repeating it does nothing.
     *
     * @param headerName the header to send, required for {@link CredentialKind#API_KEY_HEADER}, otherwise null
     * @param expiresAt when the access token dies as the issuer said; null: it did not say
     * @param scope the granted scope, space separated (RFC 6749 section 3.3); null where there is none
     * @param issuer the authorization server, byte for byte; null for static tokens
     * @param renewedByGrant whether a new token set is had by asking for the grant again, without a refresh token and
     *     without a person; it then comes without one. Null: no
     * @param refreshTokenExpiresAt when the refresh token dies unless it is used before; null: not known
     */
    record IssueToken(
            @TargetAggregateIdentifier CredentialId credentialId,
            CredentialKind kind,
            SecretRef accessToken,
            @Nullable SecretRef refreshToken,
            @Nullable String headerName,
            @Nullable Instant expiresAt,
            @Nullable String scope,
            @Nullable String issuer,
            @Nullable Boolean renewedByGrant,
            @Nullable Instant refreshTokenExpiresAt)
            implements CredentialCommand {

        /** A token set that is renewed by its refresh token, or not at all. */
        public IssueToken(
                CredentialId credentialId,
                CredentialKind kind,
                SecretRef accessToken,
                @Nullable SecretRef refreshToken,
                @Nullable String headerName,
                @Nullable Instant expiresAt,
                @Nullable String scope,
                @Nullable String issuer) {
            this(credentialId, kind, accessToken, refreshToken, headerName, expiresAt, scope, issuer, null, null);
        }
    }

    /**
     * Says after how many days without use the refresh token dies, as somebody knows; it is used well before, whichever of
     * this and what the authorization server told is sooner. Counts from when the token set in force was obtained. Repeating
     * it does nothing, nor does it without a refresh token or after the revocation. An unknown credential is refused.
     *
     * @param days at least 1; null: nobody knows
     */
    record SetIdleLimit(
            @TargetAggregateIdentifier CredentialId credentialId,
            @Nullable Integer days) implements CredentialCommand {}

    /** Makes the credential unusable at once. Repeating it does nothing. An unknown credential is refused. */
    record RevokeToken(@TargetAggregateIdentifier CredentialId credentialId, String reason)
            implements CredentialCommand {}

    /**
     * Destroys the sealed secrets of a revoked credential, after revocation at the provider was tried. Repeating it does
     * nothing.
     *
     * @param provider what the provider was told and answered, in words, without secrets
     */
    record ShredSecrets(@TargetAggregateIdentifier CredentialId credentialId, String provider)
            implements CredentialCommand {}
}
