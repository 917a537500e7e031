package dev.claviger.app.security;

/** What a person may do. */
public enum Role {
    /** Everything. */
    ADMIN,
    /** Reads everything, changes nothing, sees no secret. */
    AUDITOR
}
