package dev.claviger.toolsync.api;

/** What is known of a credential at its server. The names are column values and stand in events. */
public enum HealthState {
    /** The server listed its tools to it, and would not have done so to another. */
    HEALTHY,
    /** The server does not take it, nor a newer one where one could be had. */
    REFUSED,
    /** The server gave no answer to go by, which says nothing about the credential. */
    UNREACHABLE,
    /** The server lists its tools to anybody, so that listing them proves nothing. */
    UNPROVEN
}
