package dev.claviger.credentials.vault;

import dev.claviger.credentials.api.Sealer;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;

/** Opens what {@link Sealer} sealed. */
public interface Vault extends Sealer {

    /**
     * @throws SecretUnreadable when the secret was shredded, never existed, was sealed for another purpose, or no
     *     configured master key opens it: it will not open later either
     * @throws dev.claviger.credentials.api.MasterKeyUnavailable when its master key cannot be used now: it will open later
     */
    Secret open(SecretPurpose purpose, SecretRef ref);

    /** Destroys the wrapped data key in the caller's transaction. Repeating it does nothing. */
    void shred(SecretRef ref);
}
