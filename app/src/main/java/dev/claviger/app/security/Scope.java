package dev.claviger.app.security;

/** What an API token may do. */
public enum Scope {
    /** Read, as an auditor does. */
    READ,
    /** Read and change, as an admin does. */
    WRITE
}
