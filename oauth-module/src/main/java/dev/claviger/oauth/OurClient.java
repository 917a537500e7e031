package dev.claviger.oauth;

import dev.claviger.oauth.protocol.ClientAuthentication;
import dev.claviger.oauth.protocol.ClientMetadataDocument;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Who we are to an authorization server that knows clients by their metadata document: all from the configured address. */
@Component
class OurClient {

    static final String DOCUMENT_PATH = "/oauth/client-metadata.json";
    static final String JWKS_PATH = "/oauth/jwks.json";

    private static final List<String> METHODS =
            List.of(ClientAuthentication.PRIVATE_KEY_JWT, ClientAuthentication.NONE);

    private final String publicUrl;
    private final boolean configured;
    private final ClientMetadataDocument document;

    /**
     * @param metadataUrl where the document is published if not at our own address; empty: there
     * @throws IllegalStateException when a property is wrong; its message says how to correct it
     */
    OurClient(
            @Value("${claviger.public-url}") String publicUrl,
            @Value("${claviger.oauth.client-metadata-url:}") String metadataUrl,
            @Value("${claviger.oauth.client-authentication:private_key_jwt}") String method) {
        this.publicUrl = publicUrl;
        this.configured = !metadataUrl.isEmpty();
        if (!METHODS.contains(method)) {
            throw new IllegalStateException("claviger.oauth.client-authentication is '" + method + "'; set it to "
                    + String.join(" or ", METHODS) + ".");
        }
        String clientId = configured ? metadataUrl : publicUrl + DOCUMENT_PATH;
        if (configured) {
            ClientMetadataDocument.problem(clientId).ifPresent(problem -> {
                throw new IllegalStateException("claviger.oauth.client-metadata-url is '" + clientId + "'; " + problem);
            });
        }
        this.document = new ClientMetadataDocument(
                clientId, publicUrl, URI.create(publicUrl + RedirectUri.PATH), publicUrl + JWKS_PATH, method);
    }

    ClientMetadataDocument document() {
        return document;
    }

    /** Why no authorization server could read our metadata document, in a sentence; empty where one can. */
    Optional<String> documentProblem() {
        if (configured) {
            return Optional.empty();
        }
        return notReachable().or(() -> ClientMetadataDocument.problem(document.clientId()));
    }

    /** Why nobody outside can reach us under our public address, in a sentence; empty where that is conceivable. */
    Optional<String> notReachable() {
        return ClientMetadataDocument.unreachable(publicUrl);
    }
}
