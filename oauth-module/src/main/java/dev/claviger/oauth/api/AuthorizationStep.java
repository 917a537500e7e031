package dev.claviger.oauth.api;

/** Where an authorization stands or failed. */
public enum AuthorizationStep {
    DISCOVERY,
    CLIENT,
    CONSENT,
    CODE_EXCHANGE
}
