package dev.claviger.connectors;

import dev.claviger.credentials.api.CredentialUnavailable;

/** There is no credential to hand out, and here is the page on which a person can change that. */
final class Unmended extends RuntimeException {

    private final CredentialUnavailable unavailable;
    private final String mend;

    Unmended(CredentialUnavailable unavailable, String mend) {
        super(unavailable.getMessage(), unavailable);
        this.unavailable = unavailable;
        this.mend = mend;
    }

    CredentialUnavailable unavailable() {
        return unavailable;
    }

    /** URL of the page that mends it. */
    String mend() {
        return mend;
    }
}
