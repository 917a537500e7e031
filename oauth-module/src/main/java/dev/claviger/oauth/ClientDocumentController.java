package dev.claviger.oauth;

import java.util.List;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What authorization servers, who have no account here, may read of our client: who it is, and its public keys. */
@RestController
class ClientDocumentController {

    private static final CacheControl CACHE =
            CacheControl.maxAge(SigningKeyTable.PUBLISHED_FOR).cachePublic();

    private final OurClient ourClient;
    private final SigningKeyTable keys;
    private final JsonMapper json;

    ClientDocumentController(OurClient ourClient, SigningKeyTable keys, JsonMapper json) {
        this.ourClient = ourClient;
        this.keys = keys;
        this.json = json;
    }

    @GetMapping(OurClient.DOCUMENT_PATH)
    ResponseEntity<Map<String, Object>> metadata() {
        return ResponseEntity.ok()
                .cacheControl(CACHE)
                .contentType(MediaType.APPLICATION_JSON)
                .body(ourClient.document().members());
    }

    /** RFC 7517 section 5. */
    @GetMapping(OurClient.JWKS_PATH)
    ResponseEntity<Map<String, List<JsonNode>>> keys() {
        List<JsonNode> published = keys.published().stream()
                .map(row -> json.readTree(row.publicKey()))
                .toList();
        return ResponseEntity.ok()
                .cacheControl(CACHE)
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of("keys", published));
    }
}
