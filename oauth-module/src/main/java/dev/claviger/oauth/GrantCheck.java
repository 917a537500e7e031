package dev.claviger.oauth;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.oauth.api.OAuthSettings;

/** Says before a client is obtained what a grant without a person lacks. */
final class GrantCheck {

    private GrantCheck() {}

    /** @throws Refused with what to enter */
    static void demand(AuthorizationRow row) {
        OAuthSettings settings = row.started().settings();
        switch (settings.grant()) {
            case AUTHORIZATION_CODE -> {}
            case CLIENT_CREDENTIALS -> {
                // SEP-1046: a client that registers itself is nobody's, so it is given nothing of its own.
                if (settings.clientId() == null || (settings.clientSecret() == null && settings.privateKey() == null)) {
                    throw new Refused(
                            FailureCode.GRANT_REFUSED,
                            "Without a person the client must be one that the provider has set up. Enter its client id,"
                                    + " and its secret or private key, under Advanced.");
                }
            }
            case ENTERPRISE_MANAGED -> {
                if (settings.identityProvider() == null) {
                    throw new Refused(
                            FailureCode.IDENTITY_PROVIDER_REFUSED,
                            "No identity provider is entered that could give an assertion. Enter it under Advanced.");
                }
            }
        }
    }
}
