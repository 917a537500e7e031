package dev.claviger.oauth.api;

/** Where an authorization stands or failed. */
public enum AuthorizationStep {
    DISCOVERY,
    /** An admin is asked about another issuer. */
    APPROVAL,
    CLIENT,
    CONSENT,
    CODE_EXCHANGE,
    /** A grant without a person. */
    TOKEN_REQUEST
}
