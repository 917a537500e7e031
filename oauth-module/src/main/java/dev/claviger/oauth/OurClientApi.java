package dev.claviger.oauth;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Admin API: who we are to authorization servers, and the keys that prove it. */
@RestController
@RequestMapping("/api/v1")
class OurClientApi {

    /**
     * @param clientId the URL of our metadata document, which is the client id where such documents are read
     * @param clientAuthentication {@code private_key_jwt} or {@code none}
     * @param reachableFromOutside whether our public URL can be meant for everybody; nothing is called to find out
     * @param reachProblem why not, a sentence; null: it can
     * @param documentUsable whether metadata documents are a way to a client for us
     * @param documentProblem why not, a sentence; null: they are
     */
    record Overview(
            String clientId,
            String redirectUri,
            String jwksUri,
            String clientAuthentication,
            boolean reachableFromOutside,
            @Nullable String reachProblem,
            boolean documentUsable,
            @Nullable String documentProblem) {
        static Overview of(OurClient ours) {
            return new Overview(
                    ours.document().clientId(),
                    ours.document().redirectUri().toString(),
                    ours.document().jwksUri(),
                    ours.document().method(),
                    ours.notReachable().isEmpty(),
                    ours.notReachable().orElse(null),
                    ours.documentProblem().isEmpty(),
                    ours.documentProblem().orElse(null));
        }
    }

    /**
     * @param publicKey JWK (RFC 7517)
     * @param retiresAt of a key that another has taken the place of; null: it is the newest
     */
    record PublishedKey(
            String keyId,
            JsonNode publicKey,
            Instant createdAt,
            @Nullable Instant retiresAt) {}

    record PublishedKeys(List<PublishedKey> items) {}

    private final OurClient ourClient;
    private final SigningKeyTable keys;
    private final KeyRing keyRing;
    private final JsonMapper json;

    OurClientApi(OurClient ourClient, SigningKeyTable keys, KeyRing keyRing, JsonMapper json) {
        this.ourClient = ourClient;
        this.keys = keys;
        this.keyRing = keyRing;
        this.json = json;
    }

    @GetMapping("/oauth/client")
    Overview overview() {
        return Overview.of(ourClient);
    }

    /** The published keys, the newest first. */
    @GetMapping("/signing-keys")
    PublishedKeys list() {
        return new PublishedKeys(keys.published().stream()
                .map(row ->
                        new PublishedKey(row.keyId(), json.readTree(row.publicKey()), row.createdAt(), row.retiresAt()))
                .toList());
    }

    /** Puts a new key in force; the former stays published for a day. */
    @PostMapping("/signing-keys/rotate")
    PublishedKeys rotate() {
        keyRing.rotate();
        return list();
    }
}
