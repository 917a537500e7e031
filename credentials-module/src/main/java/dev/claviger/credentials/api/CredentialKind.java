package dev.claviger.credentials.api;

/** How a credential is presented to a server. */
public enum CredentialKind {
    /** Typed in by an admin, sent as {@code Authorization: Bearer} (RFC 6750 section 2.1). */
    BEARER,
    /** Typed in by an admin, sent as the whole value of a named header. */
    API_KEY_HEADER,
    /** Issued by an authorization server, sent as {@code Authorization: Bearer}. */
    OAUTH
}
