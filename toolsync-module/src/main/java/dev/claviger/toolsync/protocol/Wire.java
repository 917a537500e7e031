package dev.claviger.toolsync.protocol;

/** How messages travel over HTTP. */
public enum Wire {
    /** One URL for everything, since 2025-03-26. */
    STREAMABLE_HTTP,
    /** A stream that names a second URL to post to; 2024-11-05. */
    HTTP_SSE
}
