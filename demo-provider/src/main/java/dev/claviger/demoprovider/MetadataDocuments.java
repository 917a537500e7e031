package dev.claviger.demoprovider;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Knows clients by their metadata documents, and the keys that the documents lead to.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-oauth-client-id-metadata-document/">Client ID Metadata
 *     Document</a>
 */
final class MetadataDocuments {

    static final String METHOD = "private_key_jwt";

    private static final Set<String> FORBIDDEN = Set.of("client_secret", "client_secret_expires_at");

    private final Knobs knobs;
    private final HttpClient http = HttpClient.newHttpClient();

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
                null,
                "",
                document.path("redirect_uris")
                        .valueStream()
                        .map(JsonNode::asString)
                        .toList(),
                method,
                metadata);
    }

    /** The one of this id among those that the document leads to; null where there is none. */
    @Nullable
    PublicKey key(String clientId, String keyId) {
        Client client = find(clientId);
        if (client == null) {
            return null;
        }
        for (JsonNode key : fetch(URI.create(String.valueOf(client.metadata().get("jwks_uri"))))
                .path("keys")) {
            if (key.path("kid").asString("").equals(keyId) && !key.has("d")) {
                return publicKey(key);
            }
        }
        return null;
    }

    private static PublicKey publicKey(JsonNode key) {
        try {
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec("secp256r1"));
            ECPoint point = new ECPoint(number(key, "x"), number(key, "y"));
            return KeyFactory.getInstance("EC")
                    .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Not a key on P-256", e);
        }
    }

    private static BigInteger number(JsonNode key, String member) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(member).asString()));
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
}
