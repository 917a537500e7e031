package dev.claviger.oauth.api;

import dev.claviger.credentials.api.SecretRef;

/** What may be asked about client secrets, private keys and subject tokens that an admin entered. */
public sealed interface ClientSecretCommand {

    SecretRef clientSecret();

    /**
     * Nothing new will be asked for with this secret: it is shredded as soon as no authorization that was made with it may
     * still refresh or revoke. Repeating it does nothing.
     */
    record ForgetClientSecret(SecretRef clientSecret) implements ClientSecretCommand {}
}
