package dev.claviger.credentials.api;

/** The way to a credential that works now. */
public interface FreshCredentials {

    /**
     * Answers headers that are valid for longer than the margin (5 minutes, or a quarter of a shorter lifetime),
     * refreshing first where needed. The use is recorded before the answer: no use record, no secret.
     *
     * <p>Blocks for at most the refresh time limit. Must be called without an open transaction.
     *
     * @throws CredentialUnavailable when there is nothing to hand out, with what would help
     */
    FreshCredential fresh(CredentialId credentialId, UsedBy usedBy);

    /**
     * As {@link #fresh}, after a server answered 401 to the token set of {@code refusedGeneration}: answers a newer one
     * where there is one, and otherwise renews it now, whatever its expiry says, once for all who ask. A token set that was
     * renewed within the refusal cool-down (a minute by default) is not renewed again, because then the token is not the
     * trouble.
     *
     * @param refusedGeneration {@link FreshCredential#generation()} of what the server refused
     * @throws CredentialUnavailable when there is nothing newer to hand out, with what would help
     */
    FreshCredential freshAfterRefusal(CredentialId credentialId, long refusedGeneration, UsedBy usedBy);
}
