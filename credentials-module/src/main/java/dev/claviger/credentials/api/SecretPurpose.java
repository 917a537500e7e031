package dev.claviger.credentials.api;

/** What a secret is for. Part of the associated data of its encryption: sealed for one purpose, it opens for no other. */
public enum SecretPurpose {
    ACCESS_TOKEN,
    REFRESH_TOKEN,
    /** A bearer token or API key that an admin typed in. */
    STATIC_TOKEN,
    CLIENT_SECRET,
    /** PKCS #8, of a client that authenticates with {@code private_key_jwt} (RFC 7523). */
    PRIVATE_KEY,
    /** What the organisation's identity provider exchanges for an assertion (RFC 8693 section 2.1). */
    SUBJECT_TOKEN,
    /** RFC 7592. */
    REGISTRATION_ACCESS_TOKEN,
    /** RFC 7636. */
    CODE_VERIFIER,
    /** The {@code state} of an authorization request, RFC 6749 section 4.1.1. */
    STATE
}
