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
}
