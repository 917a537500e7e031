package dev.claviger.oauth.api;

/** How we came to our client id. */
public enum ClientOrigin {
    /** Entered by an admin. */
    PRE_REGISTERED,
    /** Our Client ID Metadata Document (draft-ietf-oauth-client-id-metadata-document). */
    METADATA_DOCUMENT,
    /** Registered now (RFC 7591). */
    REGISTERED,
    /** Registered for an earlier authorization at the same issuer. */
    REUSED
}
