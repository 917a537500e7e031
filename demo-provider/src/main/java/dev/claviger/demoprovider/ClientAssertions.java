package dev.claviger.demoprovider;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Verifies what clients sign of themselves ({@code private_key_jwt}).
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7523#section-3">RFC 7523 section 3</a>
 */
final class ClientAssertions {

    static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static final Map<String, String> ALGORITHMS = Map.of(
            "ES256", "SHA256withECDSAinP1363Format",
            "RS256", "SHA256withRSA");

    private final MetadataDocuments documents;
    private final Map<String, PublicKey> keys = new ConcurrentHashMap<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    ClientAssertions(MetadataDocuments documents) {
        this.documents = documents;
    }

    void trust(String clientId, PublicKey key) {
        keys.put(clientId, key);
    }

    /**
     * The client that signed.
     *
     * @param issuer whom the assertion must be for
     */
    String verify(@Nullable String type, String assertion, String issuer) throws OAuthError {
        String[] parts = assertion.split("\\.", -1);
        if (!TYPE.equals(type) || parts.length != 3) {
            throw refused("It is not a JWT of the type jwt-bearer.");
        }
        JsonNode claims = json(parts[1]);
        String client = claims.path("sub").asString("");
        JsonNode header = json(parts[0]);
        PublicKey key = keys.containsKey(client)
                ? keys.get(client)
                : documents.key(client, header.path("kid").asString(""));
        String algorithm = ALGORITHMS.get(header.path("alg").asString(""));
        if (key == null || algorithm == null || !isSigned(parts, key, algorithm)) {
            throw refused("The signature does not fit.");
        }
        JsonNode audience = claims.path("aud");
        boolean forUs = audience.isArray()
                ? audience.size() == 1 && issuer.equals(audience.get(0).asString(""))
                : issuer.equals(audience.asString(""));
        if (!client.equals(claims.path("iss").asString("")) || !forUs) {
            throw refused("iss must be the client, aud the issuer " + issuer + ", byte for byte.");
        }
        if (claims.path("exp").asLong(0) < Instant.now().getEpochSecond()) {
            throw refused("It has expired.");
        }
        if (!seen.add(claims.path("jti").asString(""))) {
            throw refused("Its jti was seen before.");
        }
        return client;
    }

    private static boolean isSigned(String[] parts, PublicKey key, String algorithm) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initVerify(key);
            signature.update(String.join(".", List.of(parts[0], parts[1])).getBytes(StandardCharsets.US_ASCII));
            return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
        } catch (GeneralSecurityException | IllegalArgumentException wrong) {
            return false;
        }
    }

    private static JsonNode json(String part) throws OAuthError {
        try {
            return Call.JSON.readTree(Base64.getUrlDecoder().decode(part));
        } catch (JacksonException | IllegalArgumentException malformed) {
            throw refused("It is malformed.");
        }
    }

    private static OAuthError refused(String why) {
        return new OAuthError(401, "invalid_client", "The client assertion is not accepted. " + why);
    }
}
