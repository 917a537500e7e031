package dev.claviger.toolsync.protocol;

/** The two families of MCP revisions (MCP 2026-07-28, versioning). */
public enum Era {
    /** 2026-07-28 and later: no handshake, every request says what it needs. */
    MODERN,
    /** 2025-11-25 and earlier: a handshake, and often a session. */
    LEGACY
}
