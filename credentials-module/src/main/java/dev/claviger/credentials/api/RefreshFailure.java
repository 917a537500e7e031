package dev.claviger.credentials.api;

/** Classes of refresh failure that leave the grant's state alone. */
public enum RefreshFailure {
    /** Timeout, 5xx, 429: the other side is not there now. */
    TRANSIENT,
    /** Our client is the trouble: {@code invalid_client}, {@code unauthorized_client}, a forgotten registration. */
    CLIENT,
    /** An answer that fits nothing we know. */
    UNKNOWN
}
