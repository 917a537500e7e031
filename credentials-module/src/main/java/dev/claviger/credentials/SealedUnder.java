package dev.claviger.credentials;

import dev.claviger.credentials.MasterKeys.MasterKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Counts what hangs on each master key. */
final class SealedUnder {

    private final JdbcClient jdbc;

    SealedUnder(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** By key id, in order; a key without any is not in it. */
    Map<String, Long> liveSecrets() {
        Map<String, Long> live = new LinkedHashMap<>();
        jdbc.sql("select key_id, count(*) from credentials.secret where shredded_at is null group by key_id order by 1")
                .query(row -> {
                    live.put(row.getString(1), row.getLong(2));
                });
        return live;
    }

    /** Whether a live secret or the key of fingerprints is wrapped by the key of this id. */
    boolean isNeeded(String keyId) {
        return jdbc.sql("select exists (select from credentials.secret where key_id = :id and shredded_at is null)"
                        + " or exists (select from credentials.fingerprint_key where key_id = :id)")
                .param("id", keyId)
                .query(Boolean.class)
                .single();
    }

    /** As old as a secret may be, a rotation may have wrapped it anew since, so what was sealed tells it last. */
    @Nullable
    Instant since(String keyId) {
        return jdbc.sql("""
                        select coalesce(
                            (select created_at from credentials.key_encryption_key where id = :id),
                            (select min(began_at) from credentials.key_rotation where to_key = :id and not dry_run),
                            (select created_at from credentials.fingerprint_key where key_id = :id),
                            (select min(created_at) from credentials.secret where key_id = :id and shredded_at is null))""")
                .param("id", keyId)
                .query((row, n) -> Optional.ofNullable(CredentialTable.instant(row, "coalesce")))
                .single()
                .orElse(null);
    }

    /** @throws IllegalStateException with the counts when something is wrapped by a key that is not configured */
    void refuseUnknown(MasterKeys configured) {
        Map<String, Long> unknown = liveSecrets();
        jdbc.sql("select key_id from credentials.fingerprint_key")
                .query(String.class)
                .list()
                .forEach(id -> unknown.putIfAbsent(id, 0L));
        configured.all().forEach(key -> unknown.remove(key.id()));
        if (unknown.isEmpty()) {
            return;
        }
        Map<String, String> references = new KeyEncryptionKeys(jdbc).references();
        throw new IllegalStateException(
                "The secrets in this database were sealed under another master key than those configured ("
                        + configured.all().stream().map(MasterKey::id).collect(Collectors.joining(", ")) + "): "
                        + unknown.entrySet().stream()
                                .map(entry -> told(entry.getKey(), entry.getValue(), references.get(entry.getKey())))
                                .collect(Collectors.joining("; "))
                        + ". Add it to claviger.vault.master-keys (or set claviger.vault.master-key-file or"
                        + " claviger.vault.master-key), or use another database");
    }

    private static String told(String id, long secrets, @Nullable String reference) {
        String what = secrets == 0 ? "the key of fingerprints" : secrets == 1 ? "1 secret" : secrets + " secrets";
        return what + " under " + id + (reference == null ? "" : " (" + reference + ")");
    }
}
