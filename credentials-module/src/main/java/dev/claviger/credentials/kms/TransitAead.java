package dev.claviger.credentials.kms;

import com.google.crypto.tink.Aead;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A key of HashiCorp Vault's transit engine.
 *
 * @see <a href="https://developer.hashicorp.com/vault/api-docs/secret/transit">Transit secrets engine, HTTP API</a>
 */
final class TransitAead implements Aead {

    private static final Pattern REFERENCE =
            Pattern.compile("hcvault(\\+http)?://([^/@?#]+)/([\\w./-]+)/keys/([\\w.-]+)");
    private static final Pattern LOOPBACK = Pattern.compile("(localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1\\])(:\\d+)?");

    private final KmsHttp http;
    private final KmsSettings settings;
    private final String who;
    private final URI encrypt;
    private final URI decrypt;

    private TransitAead(KmsHttp http, KmsSettings settings, String authority, URI encrypt, URI decrypt) {
        this.http = http;
        this.settings = settings;
        this.who = "HashiCorp Vault at " + authority;
        this.encrypt = encrypt;
        this.decrypt = decrypt;
    }

    /** @throws IllegalArgumentException with a sentence that says what is wrong */
    static TransitAead of(String reference, KmsHttp http, KmsSettings settings) {
        Matcher parts = REFERENCE.matcher(reference);
        if (!parts.matches()) {
            throw new IllegalArgumentException("“" + reference
                    + "” names no transit key; write hcvault://<host>:<port>/<mount>/keys/<name>, for example"
                    + " hcvault://vault.example.com:8200/transit/keys/claviger");
        }
        boolean plain = parts.group(1) != null;
        String authority = parts.group(2);
        if (plain && !LOOPBACK.matcher(authority).matches()) {
            throw new IllegalArgumentException("“" + reference
                    + "” would send keys over plain http; write hcvault://, or let hcvault+http:// name a Vault Agent or"
                    + " Proxy on this machine");
        }
        if (settings.vaultToken() == null && settings.vaultTokenFile() == null) {
            throw new IllegalArgumentException("“" + reference
                    + "” needs a token: set claviger.vault.hcvault-token-file, for example to the sink of a Vault"
                    + " Agent, or claviger.vault.hcvault-token");
        }
        String base = (plain ? "http://" : "https://") + authority + "/v1/" + parts.group(3);
        try {
            return new TransitAead(
                    http,
                    settings,
                    authority,
                    URI.create(base + "/encrypt/" + parts.group(4)),
                    URI.create(base + "/decrypt/" + parts.group(4)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("“" + reference + "” names no host; write hcvault://<host>:<port>/…");
        }
    }

    /** A Vault older than 1.13 ignores associated data instead of refusing it, so what came is tried with another. */
    @Override
    public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
        String ciphertext = ask(encrypt, "plaintext", base64(plaintext), associatedData, "ciphertext");
        byte[] wrapped = ciphertext.getBytes(StandardCharsets.UTF_8);
        boolean ignored = true;
        try {
            decrypt(wrapped, "something else".getBytes(StandardCharsets.UTF_8));
        } catch (KmsRefused expected) {
            ignored = false;
        }
        if (ignored) {
            throw new KmsRefused(who + " ignores associated data; it must be version 1.13 or newer, and the key of type"
                    + " aes256-gcm96 or chacha20-poly1305");
        }
        return wrapped;
    }

    @Override
    public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
        String text = new String(ciphertext, StandardCharsets.UTF_8);
        return bytes(ask(decrypt, "ciphertext", text, associatedData, "plaintext"));
    }

    private String ask(URI uri, String given, String value, byte[] associatedData, String wanted)
            throws GeneralSecurityException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Vault-Token", token());
        headers.put("X-Vault-Request", "true");
        String namespace = settings.vaultNamespace();
        if (namespace != null) {
            headers.put("X-Vault-Namespace", namespace);
        }
        KmsHttp.Answer answer =
                http.post(who, uri, headers, Map.of(given, value, "associated_data", base64(associatedData)));
        int status = answer.status();
        if (status == 412 || status == 429 || status >= 472) {
            throw new KmsUnreachable(who + " cannot serve now: HTTP " + status + said(answer.json()));
        }
        JsonNode json = answer.json();
        String text = json == null ? null : json.path("data").path(wanted).stringValue(null);
        if (status != 200 || text == null) {
            throw new KmsRefused(who + " refused: HTTP " + status + said(json));
        }
        return text;
    }

    private static String said(@Nullable JsonNode json) {
        String error = json == null ? null : json.path("errors").path(0).stringValue(null);
        return error == null ? "" : " (" + KmsHttp.shortened(error) + ")";
    }

    private String token() throws KmsRefused {
        Path file = settings.vaultTokenFile();
        if (file == null) {
            return String.valueOf(settings.vaultToken());
        }
        try {
            String token = Files.readString(file).strip();
            if (token.matches("[\\x21-\\x7e]+")) {
                return token;
            }
        } catch (IOException e) {
            // Said below: that it holds no token is all there is to know.
        }
        throw new KmsRefused("The file " + file + " (claviger.vault.hcvault-token-file) holds no token");
    }

    private byte[] bytes(String base64) throws KmsRefused {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new KmsRefused(who + " answered with something that is not base64");
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
