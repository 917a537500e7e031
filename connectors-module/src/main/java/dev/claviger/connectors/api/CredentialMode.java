package dev.claviger.connectors.api;

/** Whose credential is used. {@code PER_AGENT} never falls back to {@code SHARED}. */
public enum CredentialMode {
    /** One credential for everybody. */
    SHARED,
    /** Each agent its own. */
    PER_AGENT
}
