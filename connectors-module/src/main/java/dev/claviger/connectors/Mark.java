package dev.claviger.connectors;

/** What happens on the way of an attempt. The names are column values. */
enum Mark {
    /** The grant needs no consent. */
    WITHOUT_PERSON,
    DISCOVERED,
    /** An admin is asked about an issuer: another one, or the one that would be shown an entered client. */
    ISSUER_CHANGED,
    ISSUER_APPROVED,
    CLIENT_OBTAINED,
    CONSENT_REQUESTED,
    /** The host of the consent screen is the fact. */
    CONSENT_HOST,
    CONSENT_ENDED,
    AUTHORIZATION_FAILED,
    TOKEN_ISSUED,
    SYNC_REQUESTED,
    SYNC_DONE,
    SYNC_FAILED,
    /** A tool is asked whose account it is. */
    ACCOUNT_ASKED,
    ACCOUNT_TOLD,
    /** An admin is asked about another account. */
    ACCOUNT_HELD,
    ACCOUNT_ACCEPTED
}
