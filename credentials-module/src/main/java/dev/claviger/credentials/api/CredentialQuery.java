package dev.claviger.credentials.api;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may be asked about credentials. Answers hold no secret. */
public sealed interface CredentialQuery {

    /** Answers {@link CredentialFacts}s for those of the ids that exist, in no order. At most 1,000 ids. */
    record FindCredentials(Collection<CredentialId> credentialIds) implements CredentialQuery {}

    /**
     * Answers {@link CredentialUse}s, newest first.
     *
     * @param limit 1 to 1,000
     */
    record FindUses(CredentialId credentialId, int limit) implements CredentialQuery {}

    /**
     * Answers a {@link UsesBy}: of all credentials, newest first.
     *
     * @param usedBy as {@link UsedBy#actor}
     * @param before number of the use after which to go on, exclusive; null: from the newest
     * @param limit 1 to 1,001, one more than a page to see whether there is another
     */
    record FindUsesBy(String usedBy, @Nullable Long before, int limit) implements CredentialQuery {}

    /** Answers {@link IssuerNames}: every issuer of which a credential is held that is not revoked. */
    record FindIssuers() implements CredentialQuery {}

    /** Answers {@link CredentialIds}: the credentials of this issuer, byte for byte, that are not revoked. */
    record FindCredentialsOfIssuer(String issuer) implements CredentialQuery {}

    /**
     * A credential without its secrets.
     *
     * @param generation number of the token set in force, from 1
     * @param refreshable whether it is renewed without a person: by a refresh token, or by asking for the grant again
     * @param expiresAt when the token dies as far as the issuer told; without {@code refreshable} the credential dies with it
     * @param trouble why the last refresh failed, in words; null when it did not
     * @param renewedByGrant whether that is done by asking for the grant again, without a refresh token
     * @param refreshTokenExpiresAt when the refresh token dies unless it is used before, as the issuer told; null: it did not
     * @param idleDays after how many days without use it dies, as somebody else said; null: nobody did
     * @param refreshDueAt when the background refreshes it; a little earlier is usual. Null: never
     */
    record CredentialFacts(
            CredentialId credentialId,
            CredentialKind kind,
            CredentialState state,
            long generation,
            String fingerprint,
            boolean refreshable,
            Instant issuedAt,
            @Nullable Instant refreshedAt,
            @Nullable Instant expiresAt,
            @Nullable String scope,
            @Nullable String issuer,
            @Nullable Instant lastUsedAt,
            @Nullable String trouble,
            boolean renewedByGrant,
            @Nullable Instant refreshTokenExpiresAt,
            @Nullable Integer idleDays,
            @Nullable Instant refreshDueAt) {}

    /** One hand-out of a credential. */
    record CredentialUse(
            CredentialId credentialId,
            long generation,
            Instant at,
            String usedBy,
            String purpose,
            @Nullable String sourceAddress) {}

    /** @param number grows with time, over all credentials */
    record NumberedUse(long number, CredentialUse use) {}

    /** Collects the answer of {@link FindCredentials}. */
    record CredentialFactsList(List<CredentialFacts> items) {}

    /** Collects the answer of {@link FindIssuers}, in the order of the alphabet. */
    record IssuerNames(List<String> items) {}

    /** Collects the answer of {@link FindCredentialsOfIssuer}, in no order. */
    record CredentialIds(List<CredentialId> items) {}

    /** Collects the answer of {@link FindUses}. */
    record CredentialUses(List<CredentialUse> items) {}

    /** Collects the answer of {@link FindUsesBy}. */
    record UsesBy(List<NumberedUse> items) {}
}
