package dev.claviger.credentials;

import com.google.crypto.tink.KeysetHandle;
import dev.claviger.credentials.MasterKeys.MasterKey;
import dev.claviger.credentials.api.KeyRotationId;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The wrapped data keys of live secrets, without the secrets. */
@Component
class WrappedKeys {

    /** The data key of one secret as it is stored. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Wrapped(UUID secretId, String purpose, String keyId, byte[] wrappedKey) {}

    private final JdbcClient jdbc;
    private final MasterKeys masterKeys;

    WrappedKeys(JdbcClient jdbc, MasterKeys masterKeys) {
        this.jdbc = jdbc;
        this.masterKeys = masterKeys;
    }

    /** How many each master key wraps, by its id. */
    Map<String, Long> count() {
        Map<String, Long> counts = new LinkedHashMap<>();
        jdbc.sql(
                        "select key_id, count(*) from credentials.secret where shredded_at is null group by key_id order by key_id")
                .query(row -> {
                    counts.put(row.getString(1), row.getLong(2));
                });
        return counts;
    }

    /** How many other master keys than this one wrap, those of a rotation that did not open included or not. */
    long countOfOthers(String keyId, @Nullable KeyRotationId exceptUnreadableOf) {
        return jdbc.sql("""
                        select count(*) from credentials.secret s
                         where shredded_at is null and key_id <> :key
                           and not exists (select 1 from credentials.unreadable_secret u
                                            where u.secret_id = s.id and u.rotation_id = cast(:rotation as uuid))""")
                .param("key", keyId)
                .param("rotation", exceptUnreadableOf == null ? null : exceptUnreadableOf.value())
                .query(Long.class)
                .single();
    }

    /** In the order of their ids, from the one after {@code cursor}. */
    List<Wrapped> after(@Nullable UUID cursor, @Nullable String exceptOfKey, int limit) {
        return jdbc.sql("""
                        select id, purpose, key_id, wrapped_key from credentials.secret
                         where shredded_at is null and (cast(:key as text) is null or key_id <> :key)
                           and (cast(:cursor as uuid) is null or id > :cursor)
                         order by id limit :limit""")
                .param("key", exceptOfKey)
                .param("cursor", cursor)
                .param("limit", limit)
                .query((row, n) -> new Wrapped(
                        row.getObject("id", UUID.class),
                        row.getString("purpose"),
                        row.getString("key_id"),
                        row.getBytes("wrapped_key")))
                .list();
    }

    /** Empty when no configured key opens it. */
    Optional<KeysetHandle> unwrap(Wrapped wrapped) {
        Optional<MasterKey> master = masterKeys.byId(wrapped.keyId());
        if (master.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    DataKeys.unwrap(wrapped.wrappedKey(), master.get(), wrapped.secretId(), wrapped.purpose()));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    Wrapped wrapAnew(Wrapped former, KeysetHandle dataKey, MasterKey master) {
        try {
            return new Wrapped(
                    former.secretId(),
                    former.purpose(),
                    master.id(),
                    DataKeys.wrap(dataKey, master, former.secretId(), former.purpose()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Master key " + master.id() + " does not wrap a data key", e);
        }
    }

    /**
     * Only if it still stands as it was read: a secret destroyed or wrapped by somebody else meanwhile stays so. One that
     * somebody is changing just now is left for the next pass: waiting here for a refresh that waits for us would cost it
     * its answer.
     */
    boolean replace(Wrapped former, Wrapped anew) {
        return jdbc.sql("""
                        update credentials.secret set wrapped_key = :anew, key_id = :key
                         where id = (select id from credentials.secret where id = :id and wrapped_key = :former
                                        for no key update skip locked)""")
                        .param("anew", anew.wrappedKey())
                        .param("key", anew.keyId())
                        .param("id", former.secretId())
                        .param("former", former.wrappedKey())
                        .update()
                > 0;
    }
}
