package dev.claviger.credentials.api;

/** Whether a credential can be used. */
public enum CredentialState {
    ACTIVE,
    /** The grant is dead at the provider; connect again. */
    NEEDS_CONSENT,
    REVOKED
}
