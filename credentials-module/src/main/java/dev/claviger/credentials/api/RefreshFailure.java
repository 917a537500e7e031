package dev.claviger.credentials.api;

/** Classes of refresh failure that leave the grant's state alone. */
public enum RefreshFailure {
    /** Timeout, 5xx: the other side is not there now. */
    TRANSIENT,
    /** 429, or a word like it: the other side asks for a pause. */
    THROTTLED,
    /** Our client is the trouble: {@code invalid_client}, {@code unauthorized_client}, a forgotten registration. */
    CLIENT,
    /** Refused, by a code that says nothing of the grant: once it may be a slip, again and again it needs a person. */
    DENIED,
    /** An answer that fits nothing we know. */
    UNKNOWN
}
