package dev.claviger.credentials;

import com.google.crypto.tink.Aead;
import dev.claviger.credentials.MasterKeys.MasterKey;
import dev.claviger.credentials.api.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Keyed hashes by which equal secrets are told from different ones. The key is made once and wrapped by the master key, so
 * that fingerprints in old events still match after the master key has changed.
 */
final class Fingerprints {

    private static final String HMAC = "HmacSHA256";
    private static final byte[] ASSOCIATED_DATA = "claviger/fingerprint-key".getBytes(StandardCharsets.UTF_8);

    private final SecretKeySpec key;

    /** Copies the key: the array stays the caller's, to be overwritten. */
    private Fingerprints(byte[] key) {
        this.key = new SecretKeySpec(key, HMAC);
    }

    /** Reads the key, or makes it when there is none. Not inside a transaction that may roll back. */
    static Fingerprints load(JdbcClient jdbc, MasterKeys masterKeys) throws GeneralSecurityException {
        MasterKey current = masterKeys.current();
        jdbc.sql("insert into credentials.fingerprint_key (id, wrapped_key, key_id) values (1, ?, ?)"
                        + " on conflict do nothing")
                .params(wrappedFresh(current), current.id())
                .update();
        record Stored(byte[] wrappedKey, String keyId) {}
        Stored stored = jdbc.sql("select wrapped_key, key_id from credentials.fingerprint_key where id = 1")
                .query((row, n) -> new Stored(row.getBytes(1), row.getString(2)))
                .single();
        MasterKey wrappedBy = masterKeys
                .byId(stored.keyId())
                .orElseThrow(() -> new GeneralSecurityException("master key " + stored.keyId() + " is missing"));
        byte[] key = wrappedBy.aead().decrypt(stored.wrappedKey(), ASSOCIATED_DATA);
        try {
            return new Fingerprints(key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static byte[] wrappedFresh(MasterKey master) throws GeneralSecurityException {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        try {
            return master.aead().encrypt(key, ASSOCIATED_DATA);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** The key in its wrapped form, wrapped by another master key. */
    static byte[] wrapAnew(byte[] wrappedKey, Aead former, Aead master) throws GeneralSecurityException {
        byte[] key = former.decrypt(wrappedKey, ASSOCIATED_DATA);
        try {
            return master.encrypt(key, ASSOCIATED_DATA);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    String of(Secret secret) {
        byte[] plain = secret.reveal().getBytes(StandardCharsets.UTF_8);
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            byte[] hash = mac.doFinal(plain);
            return HexFormat.of().formatHex(Arrays.copyOf(hash, 16));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(HMAC + " is not available in this Java runtime", e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }
}
