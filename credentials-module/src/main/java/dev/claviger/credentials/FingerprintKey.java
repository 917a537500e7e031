package dev.claviger.credentials;

import dev.claviger.credentials.MasterKeys.MasterKey;
import java.security.GeneralSecurityException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The key of the fingerprints as it is stored: wrapped by a master key like the data keys, and re-wrapped like them. */
@Component
class FingerprintKey {

    private final JdbcClient jdbc;
    private final MasterKeys masterKeys;

    FingerprintKey(JdbcClient jdbc, MasterKeys masterKeys) {
        this.jdbc = jdbc;
        this.masterKeys = masterKeys;
    }

    /** Which master key wraps it. */
    String wrappedBy() {
        return jdbc.sql("select key_id from credentials.fingerprint_key where id = 1")
                .query(String.class)
                .single();
    }

    /** Does nothing when the key wraps it already. Only the wrapping changes, so all fingerprints stay. */
    void wrapAnew(MasterKey master) {
        record Stored(byte[] wrappedKey, String keyId) {}
        Stored stored = jdbc.sql("select wrapped_key, key_id from credentials.fingerprint_key where id = 1")
                .query((row, n) -> new Stored(row.getBytes(1), row.getString(2)))
                .single();
        if (stored.keyId().equals(master.id())) {
            return;
        }
        MasterKey former = masterKeys
                .byId(stored.keyId())
                .orElseThrow(() -> new IllegalStateException("The fingerprint key is wrapped by master key "
                        + stored.keyId() + ", which is not configured here"));
        try {
            jdbc.sql("""
                            update credentials.fingerprint_key set wrapped_key = :anew, key_id = :key
                             where id = 1 and wrapped_key = :former""")
                    .param("anew", Fingerprints.wrapAnew(stored.wrappedKey(), former.aead(), master.aead()))
                    .param("key", master.id())
                    .param("former", stored.wrappedKey())
                    .update();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The fingerprint key does not open with master key " + stored.keyId(), e);
        }
    }
}
