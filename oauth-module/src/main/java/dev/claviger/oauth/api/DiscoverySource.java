package dev.claviger.oauth.api;

/** How the authorization server was found. */
public enum DiscoverySource {
    /** Protected resource metadata named by the challenge (RFC 9728 section 5.1). */
    CHALLENGE,
    /** Protected resource metadata at a well-known URL (RFC 9728 section 3). */
    WELL_KNOWN,
    /** Metadata on the server's own origin, as MCP 2025-03-26 has it. */
    SERVER_ORIGIN,
    /** Default endpoints on the server's own origin, as MCP 2025-03-26 has it. */
    DEFAULT_ENDPOINTS,
    /** Entered by an admin. */
    MANUAL
}
