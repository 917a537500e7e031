package dev.claviger.connectors;

import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.FailureCode;

/** There is no credential to hand out, and here is the page on which a person can change that. */
final class Unmended extends RuntimeException {

    private final CredentialUnavailable unavailable;
    private final String mend;
    private final String help;

    /** @param publicUrl ours, for the address of the help page */
    Unmended(CredentialUnavailable unavailable, String mend, String publicUrl) {
        super(unavailable.getMessage(), unavailable);
        this.unavailable = unavailable;
        this.mend = mend;
        this.help = publicUrl + "/help/" + FailureCode.CREDENTIAL_UNAVAILABLE.code();
    }

    CredentialUnavailable unavailable() {
        return unavailable;
    }

    /** URL of the page that explains it. */
    String help() {
        return help;
    }

    /** URL of the page that mends it. */
    String mend() {
        return mend;
    }
}
