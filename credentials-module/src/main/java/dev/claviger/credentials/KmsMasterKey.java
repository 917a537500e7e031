package dev.claviger.credentials;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import dev.claviger.credentials.MasterKeys.MasterKey;
import dev.claviger.credentials.MasterKeys.State;
import dev.claviger.credentials.api.MasterKeyUnavailable;
import dev.claviger.credentials.kms.KmsRefused;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A master key that never leaves its key management service. It wraps one key-encryption key, which lies wrapped in the
 * database and unwrapped in memory for a while; that one wraps the data keys, so that neither a secret nor a transaction
 * waits for the service.
 */
final class KmsMasterKey {

    private static final Logger log = LoggerFactory.getLogger(KmsMasterKey.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    static {
        DataKeys.prepare();
    }

    /** In memory until then; what is not renewed by then is dropped. */
    private record Opened(Aead aead, Instant until) {}

    private record Trouble(String words, Instant since, Duration pause) {}

    private final String id;
    private final String reference;
    private final Aead service;
    private final KeyEncryptionKeys stored;
    private final Clock clock;
    private final Duration kept;
    private byte @Nullable [] wrapped;
    private volatile @Nullable Opened opened;
    private volatile @Nullable Trouble trouble;
    private volatile Instant nextTry;

    /**
     * @param service makes a request with each call
     * @param kept how long the key-encryption key is kept in memory after the service has last unwrapped it
     */
    KmsMasterKey(String reference, Aead service, KeyEncryptionKeys stored, Clock clock, Duration kept) {
        this.id = idOf(reference);
        this.reference = reference;
        this.service = service;
        this.stored = stored;
        this.clock = clock;
        this.kept = kept;
        this.nextTry = clock.instant();
    }

    private static String idOf(String reference) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(reference.getBytes(StandardCharsets.UTF_8));
            return reference.replaceFirst("[+:].*", ":") + HexFormat.of().formatHex(hash, 0, 6);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is not available in this Java runtime", e);
        }
    }

    MasterKey key() {
        return new MasterKey(id, reference, new InMemory());
    }

    /** Shows that the service wraps with this key and unwraps what it wrapped. */
    void tryOut() throws GeneralSecurityException {
        byte[] sample = new byte[32];
        new SecureRandom().nextBytes(sample);
        byte[] purpose = "claviger/try-out".getBytes(StandardCharsets.UTF_8);
        if (!Arrays.equals(sample, service.decrypt(service.encrypt(sample, purpose), purpose))) {
            throw new KmsRefused("The service unwrapped something else than it had wrapped");
        }
    }

    /** Has the key-encryption key unwrapped, and made where there is none. Makes requests: without a transaction. */
    synchronized void renew() throws GeneralSecurityException {
        Instant asked = clock.instant();
        try {
            opened = new Opened(unwrap(wrapped()), asked.plus(kept));
            nextTry = asked.plus(kept.dividedBy(3));
            if (trouble != null) {
                log.info("The master key {} can be used again", reference);
            }
            trouble = null;
        } catch (GeneralSecurityException | RuntimeException e) {
            note(e, asked);
            throw e;
        }
    }

    /** For the background: renews in good time, tries again after a failure, and forgets what has lasted long enough. */
    void tick() {
        Instant now = clock.instant();
        if (!now.isBefore(nextTry)) {
            try {
                renew();
            } catch (GeneralSecurityException | RuntimeException e) {
                log.debug("The master key {} was not renewed", reference, e);
            }
        }
        Opened last = opened;
        if (last != null && !clock.instant().isBefore(last.until())) {
            opened = null;
            log.error(
                    "The master key {} has been out of reach for too long: what is sealed under it can be neither opened"
                            + " nor sealed until its service answers",
                    reference);
        }
    }

    private void note(Exception e, Instant at) {
        // The message of anything else than our own exceptions might tell of what was read.
        String words = e.getClass().getPackage() == KmsRefused.class.getPackage()
                ? String.valueOf(e.getMessage())
                : "What is stored cannot be unwrapped (" + e.getClass().getSimpleName() + ")";
        Trouble before = trouble;
        Duration pause = before == null ? FIRST_PAUSE : before.pause().multipliedBy(2);
        trouble = new Trouble(
                words,
                before == null ? at : before.since(),
                pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
        nextTry = at.plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
        if (before == null) {
            log.warn("The master key {} could not be renewed; trying again. {}", reference, words);
        }
    }

    /** Read once, so that renewing it needs no database. */
    private byte[] wrapped() throws GeneralSecurityException {
        byte[] known = wrapped;
        if (known == null) {
            known = stored.find(id).orElse(null);
        }
        if (known == null) {
            stored.add(id, reference, wrap(DataKeys.fresh()));
            known = stored.find(id).orElseThrow();
        }
        wrapped = known;
        return known;
    }

    private byte[] wrap(KeysetHandle key) throws GeneralSecurityException {
        byte[] plain = TinkProtoKeysetFormat.serializeKeyset(key, InsecureSecretKeyAccess.get());
        try {
            return service.encrypt(plain, associatedData());
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private Aead unwrap(byte[] wrapped) throws GeneralSecurityException {
        byte[] plain = service.decrypt(wrapped, associatedData());
        try {
            return TinkProtoKeysetFormat.parseKeyset(plain, InsecureSecretKeyAccess.get())
                    .getPrimitive(RegistryConfiguration.get(), Aead.class);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private byte[] associatedData() {
        return ("claviger/key-encryption-key/" + id).getBytes(StandardCharsets.UTF_8);
    }

    State state() {
        Opened last = opened;
        Trouble now = trouble;
        boolean usable = last != null && clock.instant().isBefore(last.until());
        return new State(
                usable,
                last != null && usable ? last.until() : null,
                now == null ? null : now.words() + ", since " + TIME.format(now.since()));
    }

    /** @throws MasterKeyUnavailable when it may not be usable for so long, or for half of what is the most */
    void checkLasts(Duration enough) {
        Duration most = kept.dividedBy(2);
        Instant until = clock.instant().plus(enough.compareTo(most) < 0 ? enough : most);
        Opened last = opened;
        if (last == null || last.until().isBefore(until)) {
            throw unavailable();
        }
    }

    private MasterKeyUnavailable unavailable() {
        Trouble now = trouble;
        return new MasterKeyUnavailable(
                "The master key " + reference + " cannot be used now: its key management service has not answered"
                        + (now == null ? "" : " since " + TIME.format(now.since()))
                        + ". Claviger keeps trying, and nothing is lost; see to the service, then try again.",
                FIRST_PAUSE.multipliedBy(2));
    }

    /** Uses what is in memory, or refuses; never asks the service. */
    private final class InMemory implements Aead {

        @Override
        public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
            return aead().encrypt(plaintext, associatedData);
        }

        @Override
        public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
            return aead().decrypt(ciphertext, associatedData);
        }

        private Aead aead() {
            Opened last = opened;
            if (last == null || !clock.instant().isBefore(last.until())) {
                throw unavailable();
            }
            return last.aead();
        }
    }
}
