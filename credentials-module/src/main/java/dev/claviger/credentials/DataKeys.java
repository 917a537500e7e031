package dev.claviger.credentials;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.claviger.credentials.MasterKeys.MasterKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.UUID;

/** The key of one secret, and its wrapped form; what wraps it and what it encrypts is bound to the secret's id and purpose. */
final class DataKeys {

    static {
        try {
            AeadConfig.register();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is not available in this Java runtime", e);
        }
    }

    private DataKeys() {}

    /** Makes Tink ready for keys of this kind, by loading this class. */
    static void prepare() {}

    static KeysetHandle fresh() throws GeneralSecurityException {
        return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get());
    }

    /** @throws dev.claviger.credentials.api.MasterKeyUnavailable see {@link MasterKey} */
    static byte[] wrap(KeysetHandle dataKey, MasterKey master, UUID secretId, String purpose)
            throws GeneralSecurityException {
        return TinkProtoKeysetFormat.serializeEncryptedKeyset(
                dataKey, master.aead(), associatedData("key", secretId, purpose), RegistryConfiguration.get());
    }

    /**
     * @throws GeneralSecurityException when it was wrapped by another key, for another secret or purpose, or tampered with
     * @throws dev.claviger.credentials.api.MasterKeyUnavailable see {@link MasterKey}
     */
    static KeysetHandle unwrap(byte[] wrapped, MasterKey master, UUID secretId, String purpose)
            throws GeneralSecurityException {
        return TinkProtoKeysetFormat.parseEncryptedKeyset(
                wrapped, master.aead(), associatedData("key", secretId, purpose), RegistryConfiguration.get());
    }

    /** What the ciphertext of a secret is bound to. */
    static byte[] secretIs(UUID secretId, String purpose) {
        return associatedData("secret", secretId, purpose);
    }

    private static byte[] associatedData(String what, UUID id, String purpose) {
        return ("claviger/" + what + "/" + id + "/" + purpose).getBytes(StandardCharsets.UTF_8);
    }
}
