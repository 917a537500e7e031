package dev.claviger.credentials;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.util.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Master keys held in memory: a Tink keyset whose primary key wraps and whose other keys still unwrap. Adding a new
 * primary to the keyset is how a rotation begins.
 */
final class LocalMasterKeys implements MasterKeys {

    private static final String PREFIX = "local:";

    static {
        DataKeys.prepare();
    }

    private final KeysetHandle keyset;
    private final Aead aead;
    private final boolean generatedLocally;
    private final String description;

    private LocalMasterKeys(KeysetHandle keyset, boolean generatedLocally, String description)
            throws GeneralSecurityException {
        this.keyset = keyset;
        this.aead = keyset.getPrimitive(RegistryConfiguration.get(), Aead.class);
        this.generatedLocally = generatedLocally;
        this.description = description;
    }

    /**
     * Reads a key in one of three forms: a cleartext Tink AEAD keyset in JSON, the same in base64, or 32 random bytes in
     * base64.
     *
     * @throws IllegalStateException when it is none; the message never repeats the input
     */
    static LocalMasterKeys parse(String text, boolean generatedLocally, String description) {
        try {
            String trimmed = text.trim();
            byte[] bytes = trimmed.startsWith("{")
                    ? trimmed.getBytes(StandardCharsets.UTF_8)
                    : Base64.getDecoder().decode(trimmed);
            try {
                KeysetHandle keyset = bytes.length == 32 ? fromRawKey(bytes) : fromJson(bytes);
                return new LocalMasterKeys(keyset, generatedLocally, description);
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Without the cause: a parser's message may quote the key.
            throw new IllegalStateException("The master key from " + description
                    + " cannot be read; it must be 32 random bytes in base64 or a Tink AEAD keyset in JSON");
        }
    }

    /** A new keyset of one key, in the form {@link #parse} reads. */
    static String generate() {
        try {
            return TinkJsonProtoKeysetFormat.serializeKeyset(
                    KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get()),
                    RegistryConfiguration.get(),
                    InsecureSecretKeyAccess.get());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is not available in this Java runtime", e);
        }
    }

    private static KeysetHandle fromJson(byte[] json) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.parseKeyset(
                new String(json, StandardCharsets.UTF_8), RegistryConfiguration.get(), InsecureSecretKeyAccess.get());
    }

    @AccessesPartialKey
    private static KeysetHandle fromRawKey(byte[] bytes) throws GeneralSecurityException {
        AesGcmParameters parameters = PredefinedAeadParameters.AES256_GCM;
        int id = idOf(bytes);
        AesGcmKey key = AesGcmKey.builder()
                .setParameters(parameters)
                .setKeyBytes(SecretBytes.copyFrom(bytes, InsecureSecretKeyAccess.get()))
                .setIdRequirement(id)
                .build();
        return KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(key).withFixedId(id).makePrimary())
                .build();
    }

    /** The same bytes have the same id on every node; a hash of 256 random bits tells nothing about them. */
    private static int idOf(byte[] bytes) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update("claviger master key id".getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(digest.digest(bytes)).getInt();
    }

    @Override
    public MasterKey current() {
        return all().get(0);
    }

    /** The primary first. */
    @Override
    public List<MasterKey> all() {
        return IntStream.range(0, keyset.size())
                .mapToObj(keyset::getAt)
                .sorted(Comparator.comparing(entry -> !entry.isPrimary()))
                .map(entry -> new MasterKey(idOf(entry), description, aead))
                .toList();
    }

    private static String idOf(KeysetHandle.Entry entry) {
        return PREFIX + Integer.toUnsignedString(entry.getId());
    }

    /** Whether we made it ourselves. */
    boolean generatedLocally() {
        return generatedLocally;
    }

    String description() {
        return description;
    }
}
