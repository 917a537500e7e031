package dev.claviger.demoprovider;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A key management service on loopback that answers as AWS KMS, Google Cloud KMS and Vault's transit engine do, with real
 * encryption, and misbehaves on demand.
 */
public final class DemoKms implements AutoCloseable {

    public static final String VAULT_TOKEN = "hvs.demo";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The connection ends before anything is answered. */
    public volatile boolean down;
    /** Not now: HTTP 503, and at AWS an internal error. */
    public volatile boolean unavailable;
    /** Slow down: HTTP 429, and at AWS HTTP 400 with its own code. */
    public volatile boolean throttled;
    /** Who asks may not. */
    public volatile boolean forbidden;
    /** An answer of a megabyte. */
    public volatile boolean huge;
    /** A page for people instead of an answer. */
    public volatile boolean html;
    /** What is unwrapped is not what was wrapped; checksums are of the right one. */
    public volatile boolean tampered;
    /** Sends whoever asks to another address. */
    public volatile @Nullable URI redirect;
    /** As Vault before 1.13. */
    public volatile boolean ignoresAssociatedData;
    /** Answers nothing until it opens. */
    public volatile @Nullable CountDownLatch gate;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, byte[]> keys = new ConcurrentHashMap<>();
    private final AtomicLong requests = new AtomicLong();

    private DemoKms() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** On a free port. */
    public static DemoKms start() {
        try {
            return new DemoKms();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For example {@code http://127.0.0.1:4711}. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** How this service's transit key of this name is referred to. */
    public String transitKey(String name) {
        return "hcvault+http://127.0.0.1:" + server.getAddress().getPort() + "/transit/keys/" + name;
    }

    /** A service account whose tokens come from here, as the JSON that Google hands out; {@code privateKey} in PEM. */
    public String googleAccount(String privateKey) {
        return JSON.writeValueAsString(Map.of(
                "type",
                "service_account",
                "project_id",
                "p",
                "private_key_id",
                "1",
                "private_key",
                privateKey,
                "client_email",
                "claviger@p.iam.gserviceaccount.com",
                "client_id",
                "1",
                "token_uri",
                url() + "/token"));
    }

    /** How many requests have come to encrypt or decrypt. */
    public long requests() {
        return requests.get();
    }

    /** Every key is another one from now on, under the same name. */
    public void replaceKeys() {
        keys.clear();
    }

    private void answer(HttpExchange call) throws IOException {
        try (call) {
            JsonNode body = body(call);
            String path = call.getRequestURI().getPath();
            if (path.equals("/token")) {
                send(call, 200, Map.of("access_token", "demo-access", "expires_in", 3600, "token_type", "Bearer"));
                return;
            }
            requests.incrementAndGet();
            Call.await(gate);
            URI elsewhere = redirect;
            if (down) {
                return;
            } else if (elsewhere != null) {
                call.getResponseHeaders().set("Location", elsewhere.toString());
                call.sendResponseHeaders(307, -1);
            } else if (html) {
                send(call, 200, "text/html", "<html>Sign in</html>".getBytes(StandardCharsets.UTF_8));
            } else if (huge) {
                byte[] spaces = new byte[1 << 20];
                Arrays.fill(spaces, (byte) ' ');
                send(call, 200, "application/json", spaces);
            } else if (call.getRequestHeaders().containsKey("X-Amz-Target")) {
                aws(call, body);
            } else if (path.startsWith("/v1/projects/")) {
                google(call, path.substring("/v1/".length()), body);
            } else {
                vault(call, path.split("/"), body);
            }
        }
    }

    private void aws(HttpExchange call, JsonNode body) throws IOException {
        String signed = call.getRequestHeaders().getFirst("Authorization");
        if (unavailable) {
            awsError(call, 500, "KMSInternalException");
        } else if (throttled) {
            awsError(call, 400, "ThrottlingException");
        } else if (forbidden || signed == null || !signed.startsWith("AWS4-HMAC-SHA256 ")) {
            awsError(call, 400, "AccessDeniedException");
        } else {
            String key = body.path("KeyId").asString();
            byte[] context = new TreeMap<>(strings(body.path("EncryptionContext")))
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
            if (call.getRequestHeaders().getFirst("X-Amz-Target").equals("TrentService.Encrypt")) {
                byte[] wrapped = wrap(key, bytes(body, "Plaintext"), context);
                send(call, 200, Map.of("CiphertextBlob", base64(wrapped), "KeyId", key));
                return;
            }
            byte[] plain = unwrap(key, bytes(body, "CiphertextBlob"), context);
            if (plain == null) {
                awsError(call, 400, "InvalidCiphertextException");
            } else {
                send(call, 200, Map.of("Plaintext", base64(spoilt(plain)), "KeyId", key));
            }
        }
    }

    private static void awsError(HttpExchange call, int status, String code) throws IOException {
        send(call, status, Map.of("__type", code, "message", "The demo says " + code));
    }

    private void google(HttpExchange call, String path, JsonNode body) throws IOException {
        String key = path.substring(0, path.lastIndexOf(':'));
        byte[] additional = bytes(body, "additionalAuthenticatedData");
        if (unavailable) {
            googleError(call, 503, "The service is currently unavailable.");
        } else if (throttled) {
            googleError(call, 429, "Quota exceeded.");
        } else if (forbidden
                || !"Bearer demo-access".equals(call.getRequestHeaders().getFirst("Authorization"))) {
            googleError(call, 403, "Permission denied on resource.");
        } else if (path.endsWith(":encrypt")) {
            byte[] plain = bytes(body, "plaintext");
            byte[] wrapped = wrap(key, plain, additional);
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("name", key + "/cryptoKeyVersions/1");
            answer.put("ciphertext", base64(wrapped));
            answer.put("ciphertextCrc32c", crc32c(wrapped));
            answer.put(
                    "verifiedPlaintextCrc32c",
                    crc32c(plain).equals(body.path("plaintextCrc32c").asString()));
            answer.put(
                    "verifiedAdditionalAuthenticatedDataCrc32c",
                    crc32c(additional)
                            .equals(body.path("additionalAuthenticatedDataCrc32c")
                                    .asString()));
            send(call, 200, answer);
        } else {
            byte[] plain = unwrap(key, bytes(body, "ciphertext"), additional);
            if (plain == null) {
                googleError(call, 400, "Decryption failed: the ciphertext is invalid.");
            } else {
                send(call, 200, Map.of("plaintext", base64(spoilt(plain)), "plaintextCrc32c", crc32c(plain)));
            }
        }
    }

    private static void googleError(HttpExchange call, int status, String message) throws IOException {
        send(call, status, Map.of("error", Map.of("code", status, "message", message)));
    }

    /** The path is {@code /v1/<mount>/<encrypt or decrypt>/<key>}. */
    private void vault(HttpExchange call, String[] path, JsonNode body) throws IOException {
        byte[] associated = ignoresAssociatedData ? new byte[0] : bytes(body, "associated_data");
        String key = path[path.length - 1];
        if (unavailable) {
            vaultError(call, 503, "Vault is sealed");
        } else if (throttled) {
            vaultError(call, 429, "request path has exceeded a rate limit");
        } else if (forbidden || !VAULT_TOKEN.equals(call.getRequestHeaders().getFirst("X-Vault-Token"))) {
            vaultError(call, 403, "permission denied");
        } else if (path[path.length - 2].equals("encrypt")) {
            byte[] wrapped = wrap(key, bytes(body, "plaintext"), associated);
            send(call, 200, Map.of("data", Map.of("ciphertext", "vault:v1:" + base64(wrapped), "key_version", 1)));
        } else {
            String wrapped = body.path("ciphertext").asString();
            byte[] plain = wrapped.startsWith("vault:v1:")
                    ? unwrap(key, Base64.getDecoder().decode(wrapped.substring("vault:v1:".length())), associated)
                    : null;
            if (plain == null) {
                vaultError(call, 400, "cipher: message authentication failed");
            } else {
                send(call, 200, Map.of("data", Map.of("plaintext", base64(spoilt(plain)))));
            }
        }
    }

    private static void vaultError(HttpExchange call, int status, String message) throws IOException {
        send(call, status, Map.of("errors", new String[] {message}));
    }

    private byte[] spoilt(byte[] plain) {
        if (!tampered) {
            return plain;
        }
        byte[] spoilt = plain.clone();
        spoilt[0] ^= 1;
        return spoilt;
    }

    private byte[] wrap(String key, byte[] plain, byte[] associated) {
        byte[] nonce = new byte[12];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, associated).doFinal(plain);
            return ByteBuffer.allocate(nonce.length + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte @Nullable [] unwrap(String key, byte[] wrapped, byte[] associated) {
        try {
            return cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(wrapped, 12), associated)
                    .doFinal(wrapped, 12, wrapped.length - 12);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return null;
        }
    }

    private Cipher cipher(int mode, String key, byte[] nonce, byte[] associated) throws GeneralSecurityException {
        byte[] material = keys.computeIfAbsent(key, name -> {
            byte[] fresh = new byte[32];
            RANDOM.nextBytes(fresh);
            return fresh;
        });
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(material, "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(associated);
        return cipher;
    }

    private static JsonNode body(HttpExchange call) throws IOException {
        byte[] bytes = call.getRequestBody().readAllBytes();
        String text = new String(bytes, StandardCharsets.UTF_8);
        return JSON.readTree(text.startsWith("{") ? text : "{}");
    }

    private static Map<String, String> strings(JsonNode object) {
        Map<String, String> strings = new LinkedHashMap<>();
        object.properties()
                .forEach(
                        member -> strings.put(member.getKey(), member.getValue().asString()));
        return strings;
    }

    private static byte[] bytes(JsonNode body, String member) {
        return Base64.getDecoder().decode(body.path(member).asString(""));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String crc32c(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return Long.toString(checksum.getValue());
    }

    private static void send(HttpExchange call, int status, Map<String, ?> body) throws IOException {
        send(call, status, "application/json", JSON.writeValueAsBytes(body));
    }

    private static void send(HttpExchange call, int status, String type, byte[] body) throws IOException {
        call.getResponseHeaders().set("Content-Type", type);
        call.sendResponseHeaders(status, body.length);
        call.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
