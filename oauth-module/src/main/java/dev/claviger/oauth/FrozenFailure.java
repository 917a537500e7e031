package dev.claviger.oauth;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;

/** The end of an authorization whose credential nobody may have now. */
final class FrozenFailure {

    private FrozenFailure() {}

    /** @param reason of the freeze, as an admin gave it */
    static Failure of(String reason) {
        return new Failure(
                FailureCode.CREDENTIAL_FROZEN,
                "An admin has frozen this, so no token was asked for: " + reason + (reason.endsWith(".") ? "" : ".")
                        + " Connect again after the thaw.");
    }
}
