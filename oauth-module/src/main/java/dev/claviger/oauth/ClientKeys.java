package dev.claviger.oauth;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.api.OAuthSettings;
import dev.claviger.oauth.protocol.SigningKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Opens what our client shows who it is with; it throws {@code SecretUnreadable} where that cannot be opened any more. */
@Component
class ClientKeys {

    private final Vault vault;
    private final KeyRing keyRing;

    ClientKeys(Vault vault, KeyRing keyRing) {
        this.vault = vault;
        this.keyRing = keyRing;
    }

    /** Our own, which our metadata document leads to. */
    SigningKey own() {
        return keyRing.signing();
    }

    /** Null for a client without one. */
    @Nullable
    Secret clientSecret(@Nullable SecretRef secret) {
        return secret == null ? null : vault.open(SecretPurpose.CLIENT_SECRET, secret);
    }

    /** @throws IllegalArgumentException with a sentence for the admin when the entered key does not fit */
    SigningKey entered(OAuthSettings settings) {
        SecretRef key = Objects.requireNonNull(settings.privateKey(), "A client that signs was entered with its key");
        String algorithm = settings.signingAlgorithm();
        return SigningKey.of(vault.open(SecretPurpose.PRIVATE_KEY, key), algorithm == null ? "RS256" : algorithm, null);
    }
}
