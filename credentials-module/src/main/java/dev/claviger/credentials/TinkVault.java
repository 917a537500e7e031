package dev.claviger.credentials;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import dev.claviger.credentials.MasterKeys.MasterKey;
import dev.claviger.credentials.api.MasterKeyUnavailable;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.vault.SecretUnreadable;
import dev.claviger.credentials.vault.Vault;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Envelope encryption in one table: each secret has its own AES-256-GCM key, wrapped by a master key; both are bound to
 * the secret's id and purpose, so that no row opens in another's place.
 */
@Component
class TinkVault implements Vault, SmartInitializingSingleton {

    private final JdbcClient jdbc;
    private final MasterKeys masterKeys;
    private final SealedUnder sealedUnder;
    private @Nullable Fingerprints fingerprints;

    TinkVault(JdbcClient jdbc, MasterKeys masterKeys) {
        this.jdbc = jdbc;
        this.masterKeys = masterKeys;
        this.sealedUnder = new SealedUnder(jdbc);
    }

    /** Fails the start when the configured master keys do not fit the database, before anything is sealed under them. */
    @Override
    public void afterSingletonsInstantiated() {
        sealedUnder.refuseUnknown(masterKeys);
        masterKeys.open(sealedUnder::isNeeded);
        try {
            fingerprints = Fingerprints.load(jdbc, masterKeys);
            for (Sealed sample : oneOfEachKey()) {
                if (masterKeys.byId(sample.keyId()).stream()
                        .anyMatch(key -> masterKeys.stateOf(key).usable())) {
                    decrypt(sample);
                }
            }
        } catch (MasterKeyUnavailable e) {
            throw new IllegalStateException(
                    "The key of fingerprints is wrapped by a master key that is out of reach, so nothing could be sealed. "
                            + e.getMessage(),
                    e);
        } catch (GeneralSecurityException | SecretUnreadable e) {
            throw new IllegalStateException(
                    "The secrets in this database were sealed under another master key than those from "
                            + masterKeys.all().stream()
                                    .map(MasterKey::reference)
                                    .distinct()
                                    .collect(Collectors.joining(", "))
                            + ". Configure the key they were sealed under (claviger.vault.master-keys,"
                            + " claviger.vault.master-key-file or claviger.vault.master-key), or use another database."
                            + " Cause: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public void checkReady(Duration enough) {
        masterKeys.checkCurrentLasts(enough);
    }

    @Override
    public SecretRef seal(SecretPurpose purpose, Secret secret) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("A secret is sealed in the transaction of the event that refers to it");
        }
        UUID id = UUID.randomUUID();
        String fingerprint = fingerprint(secret);
        MasterKey master = masterKeys.current();
        byte[] plain = secret.reveal().getBytes(StandardCharsets.UTF_8);
        try {
            KeysetHandle dataKey = DataKeys.fresh();
            byte[] wrapped = DataKeys.wrap(dataKey, master, id, purpose.name());
            byte[] ciphertext = dataKey.getPrimitive(RegistryConfiguration.get(), Aead.class)
                    .encrypt(plain, DataKeys.secretIs(id, purpose.name()));
            jdbc.sql("insert into credentials.secret (id, purpose, wrapped_key, key_id, ciphertext, fingerprint)"
                            + " values (?, ?, ?, ?, ?, ?)")
                    .params(id, purpose.name(), wrapped, master.id(), ciphertext, fingerprint)
                    .update();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A secret cannot be sealed with master key " + master.id(), e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
        return new SecretRef(id, fingerprint);
    }

    /** The keyed hash by which it can be recognised. */
    String fingerprint(Secret secret) {
        if (fingerprints == null) {
            throw new IllegalStateException("The vault has not been opened yet");
        }
        return fingerprints.of(secret);
    }

    @Override
    public Secret open(SecretPurpose purpose, SecretRef ref) {
        Sealed sealed =
                find(ref.id()).orElseThrow(() -> new SecretUnreadable("Secret " + ref.id() + " does not exist"));
        if (!sealed.purpose().equals(purpose.name())) {
            throw new SecretUnreadable("Secret " + ref.id() + " was not sealed as " + purpose);
        }
        return decrypt(sealed);
    }

    @Override
    public void shred(SecretRef ref) {
        destroy(ref.id());
    }

    /** What there was to destroy; empty: nothing any more. */
    Optional<Destroyed> destroy(UUID id) {
        return jdbc.sql("update credentials.secret set wrapped_key = null, ciphertext = null, shredded_at = now()"
                        + " where id = ? and shredded_at is null returning purpose, fingerprint")
                .param(id)
                .query((row, n) ->
                        new Destroyed(SecretPurpose.valueOf(row.getString("purpose")), row.getString("fingerprint")))
                .optional();
    }

    record Destroyed(SecretPurpose purpose, String fingerprint) {}

    private Secret decrypt(Sealed sealed) {
        byte[] wrappedKey = sealed.wrappedKey();
        byte[] ciphertext = sealed.ciphertext();
        if (wrappedKey == null || ciphertext == null) {
            throw new SecretUnreadable("Secret " + sealed.id() + " has been destroyed");
        }
        MasterKey master = masterKeys
                .byId(sealed.keyId())
                .orElseThrow(() -> new SecretUnreadable("Secret " + sealed.id() + " was sealed under master key "
                        + sealed.keyId() + ", which is not configured"));
        try {
            KeysetHandle dataKey = DataKeys.unwrap(wrappedKey, master, sealed.id(), sealed.purpose());
            byte[] plain = dataKey.getPrimitive(RegistryConfiguration.get(), Aead.class)
                    .decrypt(ciphertext, DataKeys.secretIs(sealed.id(), sealed.purpose()));
            try {
                return Secret.of(new String(plain, StandardCharsets.UTF_8));
            } finally {
                Arrays.fill(plain, (byte) 0);
            }
        } catch (GeneralSecurityException e) {
            throw new SecretUnreadable("Secret " + sealed.id() + " does not open with master key " + sealed.keyId()
                    + "; it was sealed under another or has been tampered with");
        }
    }

    private Optional<Sealed> find(UUID id) {
        return jdbc.sql("select id, purpose, wrapped_key, key_id, ciphertext from credentials.secret where id = ?")
                .param(id)
                .query(Sealed::read)
                .optional();
    }

    private Iterable<Sealed> oneOfEachKey() {
        return jdbc.sql("select distinct on (key_id) id, purpose, wrapped_key, key_id, ciphertext"
                        + " from credentials.secret where shredded_at is null order by key_id, id")
                .query(Sealed::read)
                .list();
    }

    /** A row as it is stored. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sealed(
            UUID id, String purpose, byte @Nullable [] wrappedKey, String keyId, byte @Nullable [] ciphertext) {

        static Sealed read(ResultSet row, int number) throws SQLException {
            return new Sealed(
                    row.getObject("id", UUID.class),
                    row.getString("purpose"),
                    row.getBytes("wrapped_key"),
                    row.getString("key_id"),
                    row.getBytes("ciphertext"));
        }
    }
}
