package dev.claviger.credentials;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The wrapped keys that stand between key management services and data keys: one for each key of a service. */
final class KeyEncryptionKeys {

    private final JdbcClient jdbc;

    KeyEncryptionKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<byte[]> find(String id) {
        return jdbc.sql("select wrapped_key from credentials.key_encryption_key where id = ?")
                .param(id)
                .query(byte[].class)
                .optional();
    }

    /** Of several nodes that begin at the same time the first one's key is kept; read it again afterwards. */
    void add(String id, String reference, byte[] wrapped) {
        jdbc.sql("insert into credentials.key_encryption_key (id, reference, wrapped_key) values (?, ?, ?)"
                        + " on conflict do nothing")
                .params(id, reference, wrapped)
                .update();
    }

    /** What each id stood for, also of keys that are configured no longer. */
    Map<String, String> references() {
        Map<String, String> references = new LinkedHashMap<>();
        jdbc.sql("select id, reference from credentials.key_encryption_key").query(row -> {
            references.put(row.getString(1), row.getString(2));
        });
        return references;
    }
}
