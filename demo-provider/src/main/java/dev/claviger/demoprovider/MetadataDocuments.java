package dev.claviger.demoprovider;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Knows clients by their metadata documents, and checks what they sign by the keys that the documents lead to.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-oauth-client-id-metadata-document/">Client ID Metadata
 *     Document</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7523#section-3">RFC 7523 section 3</a>
 */
final class MetadataDocuments {

    static final String METHOD = "private_key_jwt";
    static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static final Set<String> FORBIDDEN = Set.of("client_secret", "client_secret_expires_at");

    private final Knobs knobs;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<String> assertionsSeen = ConcurrentHashMap.newKeySet();

    MetadataDocuments(Knobs knobs) {
        this.knobs = knobs;
    }

    /** Null where the id is no URL, or the document does not keep the rules. */
    @Nullable
    Client find(String clientId) {
        URI at = knobs.clientMetadataDocumentsAt;
        if (at == null || !clientId.startsWith("https://")) {
            return null;
        }
        JsonNode document = fetch(at);
        String method = document.path("token_endpoint_auth_method").asString("");
        boolean good = document.path("client_id").asString("").equals(clientId)
                && !document.path("client_name").asString("").isEmpty()
                && !document.path("redirect_uris").isEmpty()
                && List.of("none", METHOD).contains(method)
                && FORBIDDEN.stream().noneMatch(document::has);
        if (!good) {
            return null;
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        document.properties().forEach(member -> metadata.put(member.getKey(), member.getValue()));
        metadata.put("client_name", document.path("client_name").asString());
        metadata.put("jwks_uri", document.path("jwks_uri").asString(""));
        return new Client(
                clientId,
                null,
                "",
                document.path("redirect_uris")
                        .valueStream()
                        .map(JsonNode::asString)
                        .toList(),
                method,
                metadata);
    }

    /** @throws OAuthError when the assertion does not show that it is this client, at this server, for the first time */
    void verify(Client client, @Nullable String assertion, String issuer) throws OAuthError {
        String[] parts = String.valueOf(assertion).split("\\.", -1);
        if (parts.length != 3) {
            throw refused("There is no assertion.");
        }
        try {
            JsonNode header = decoded(parts[0]);
            JsonNode claims = decoded(parts[1]);
            JsonNode key = key(client, header.path("kid").asString(""));
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initVerify(publicKey(key));
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            boolean good = header.path("alg").asString("").equals("ES256")
                    && signature.verify(Base64.getUrlDecoder().decode(parts[2]))
                    && claims.path("iss").asString("").equals(client.id())
                    && claims.path("sub").asString("").equals(client.id())
                    && claims.path("aud").toString().contains("\"" + issuer + "\"")
                    && isSoon(claims.path("exp").asLong(0));
            if (!good || !assertionsSeen.add(claims.path("jti").asString(""))) {
                throw refused("The assertion does not hold, or was used before.");
            }
        } catch (GeneralSecurityException | RuntimeException malformed) {
            throw refused("The assertion cannot be verified.");
        }
    }

    private static boolean isSoon(long exp) {
        long now = Instant.now().getEpochSecond();
        return exp > now && exp < now + 600;
    }

    private JsonNode key(Client client, String keyId) throws OAuthError {
        for (JsonNode key : fetch(URI.create(String.valueOf(client.metadata().get("jwks_uri"))))
                .path("keys")) {
            if (key.path("kid").asString("").equals(keyId) && !key.has("d")) {
                return key;
            }
        }
        throw refused("The key is not published.");
    }

    private static PublicKey publicKey(JsonNode key) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(number(key, "x"), number(key, "y"));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger number(JsonNode key, String member) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(member).asString()));
    }

    private static JsonNode decoded(String part) {
        return Call.JSON.readTree(Base64.getUrlDecoder().decode(part));
    }

    private JsonNode fetch(URI at) {
        try {
            return Call.JSON.readTree(http.send(HttpRequest.newBuilder(at).build(), BodyHandlers.ofString())
                    .body());
        } catch (IOException e) {
            throw new IllegalStateException("Nobody publishes " + at, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static OAuthError refused(String why) {
        return new OAuthError(401, "invalid_client", why);
    }
}
