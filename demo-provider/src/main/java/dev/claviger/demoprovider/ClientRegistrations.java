package dev.claviger.demoprovider;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Registers clients and lets them manage their registration.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7591">RFC 7591</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7592">RFC 7592</a>
 */
final class ClientRegistrations {

    static final List<String> AUTH_METHODS = List.of("none", "client_secret_basic", "client_secret_post");

    private static final Set<String> NOT_METADATA = Set.of(
            "client_id",
            "client_secret",
            "registration_access_token",
            "registration_client_uri",
            "client_id_issued_at",
            "client_secret_expires_at");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Knobs knobs;
    private final Mint mint;
    private final MetadataDocuments documents;
    private final Map<String, Client> clients = new ConcurrentHashMap<>();

    ClientRegistrations(Knobs knobs, Mint mint) {
        this.knobs = knobs;
        this.mint = mint;
        this.documents = new MetadataDocuments(knobs);
    }

    @Nullable
    Client find(String id) {
        Client registered = clients.get(id);
        return registered != null ? registered : documents.find(id);
    }

    /** For clients that sign. */
    MetadataDocuments documents() {
        return documents;
    }

    void forgetAll() {
        clients.clear();
    }

    void register(Call call) throws IOException, OAuthError {
        Call.pause(knobs.registrationDelay);
        if (knobs.noRegistrationEndpoint) {
            call.empty(404);
            return;
        }
        if (knobs.registration503) {
            call.with("Retry-After", "1").answer(503, "text/plain", "Down for maintenance");
            return;
        }
        if (knobs.refuseRegistration) {
            throw new OAuthError(403, "access_denied", "Registration is by invitation; ask Acme Notes for a client.");
        }
        Map<String, Object> metadata = metadata(call);
        Client client = keep(metadata, redirectUris(metadata));
        call.with("Cache-Control", "no-store").json(201, information(client, call.origin()));
    }

    /** A confidential client agreed on by telephone, so to speak. */
    Client preRegister(String redirectUri) {
        try {
            return keep(Map.of("client_name", "Registered by hand"), List.of(redirectUri));
        } catch (OAuthError impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A client that signs with a key of its own. */
    Client preRegisterKeyed() {
        Client client = new Client(
                "client_" + mint.id(),
                null,
                null,
                mint.secret("rat"),
                List.of(),
                "private_key_jwt",
                Map.of("client_name", "Registered by hand, with a key"));
        clients.put(client.id(), client);
        return client;
    }

    private Client keep(Map<String, Object> metadata, List<String> redirectUris) throws OAuthError {
        String asked = String.valueOf(metadata.getOrDefault("token_endpoint_auth_method", "client_secret_basic"));
        if (!AUTH_METHODS.contains(asked)) {
            throw new OAuthError(400, "invalid_client_metadata", "Unknown token_endpoint_auth_method.");
        }
        String forced = knobs.tokenEndpointAuthMethod;
        String method = forced == null ? asked : forced;
        Map<String, Object> kept = new LinkedHashMap<>(metadata);
        kept.keySet().removeAll(NOT_METADATA);
        kept.put("token_endpoint_auth_method", method);
        Client client = new Client(
                "client_" + mint.id(),
                method.equals("none") ? null : mint.secret("cs"),
                method.equals("none") ? null : secretExpiry(),
                mint.secret("rat"),
                redirectUris,
                method,
                kept);
        clients.put(client.id(), client);
        return client;
    }

    /** GET, PUT and DELETE on the client configuration endpoint. */
    void configure(Call call) throws IOException, OAuthError {
        Client client = clients.get(call.path().substring("/register/".length()));
        if (client == null || !client.registrationToken().equals(call.bearer())) {
            throw new OAuthError(401, "invalid_token", "The registration access token is not valid.");
        }
        switch (call.method()) {
            case "GET" -> tell(call, knobs.rotateOnRead ? rotated(client) : client);
            case "PUT" -> {
                Client updated = update(client, metadata(call));
                tell(call, knobs.rotateOnUpdate ? rotated(updated) : updated);
            }
            case "DELETE" -> {
                if (knobs.refuseClientDelete == 0) {
                    clients.remove(client.id());
                    call.empty(204);
                } else {
                    call.empty(knobs.refuseClientDelete);
                }
            }
            default -> call.with("Allow", "GET, PUT, DELETE").empty(405);
        }
    }

    private void tell(Call call, Client client) throws IOException {
        Map<String, Object> information = information(client, call.origin());
        if (knobs.wrongClientId) {
            information.put("client_id", "client_" + mint.id());
            information.put("client_secret", mint.secret("cs"));
            information.put("registration_access_token", mint.secret("rat"));
        }
        call.with("Cache-Control", "no-store").json(200, information);
    }

    private Client rotated(Client client) {
        Client rotated = new Client(
                client.id(),
                client.secret() == null ? null : mint.secret("cs"),
                client.secret() == null ? null : secretExpiry(),
                mint.secret("rat"),
                client.redirectUris(),
                client.authMethod(),
                client.metadata());
        clients.put(client.id(), rotated);
        return rotated;
    }

    private @Nullable Instant secretExpiry() {
        Duration lifetime = knobs.clientSecretLifetime;
        return lifetime == null ? null : Instant.now().plus(lifetime);
    }

    private Client update(Client client, Map<String, Object> metadata) throws OAuthError {
        if (!client.id().equals(metadata.get("client_id"))) {
            throw new OAuthError(400, "invalid_client_metadata", "client_id must be the one registered.");
        }
        for (String forbidden : NOT_METADATA) {
            boolean allowed = forbidden.equals("client_id")
                    || forbidden.equals("client_secret")
                            && metadata.get(forbidden) instanceof String secret
                            && secret.equals(client.secret());
            if (metadata.containsKey(forbidden) && !allowed) {
                throw new OAuthError(400, "invalid_client_metadata", "Leave out " + forbidden + ".");
            }
        }
        Map<String, Object> kept = new LinkedHashMap<>(metadata);
        kept.keySet().removeAll(NOT_METADATA);
        kept.put("token_endpoint_auth_method", client.authMethod());
        Client updated = new Client(
                client.id(),
                client.secret(),
                client.secretExpiresAt(),
                client.registrationToken(),
                redirectUris(metadata),
                client.authMethod(),
                kept);
        clients.put(client.id(), updated);
        return updated;
    }

    private static Map<String, Object> metadata(Call call) throws OAuthError {
        Map<String, Object> metadata = call.jsonBody();
        if (metadata == null) {
            throw new OAuthError(400, "invalid_client_metadata", "The body must be a JSON object.");
        }
        return metadata;
    }

    private List<String> redirectUris(Map<String, Object> metadata) throws OAuthError {
        boolean nativeApplication = "native".equals(metadata.get("application_type"));
        if (!(metadata.get("redirect_uris") instanceof List<?> list) || list.isEmpty()) {
            throw new OAuthError(400, "invalid_redirect_uri", "redirect_uris must list at least one URI.");
        }
        List<String> uris = list.stream().map(String::valueOf).toList();
        for (String uri : uris) {
            if (knobs.refuseRedirectUri || !allowed(uri, nativeApplication)) {
                throw new OAuthError(
                        400,
                        "invalid_redirect_uri",
                        nativeApplication
                                ? "A native application redirects to https or to http on loopback."
                                : "A web application redirects to https, and not to loopback.");
            }
        }
        return uris;
    }

    private static boolean allowed(String redirectUri, boolean nativeApplication) {
        URI uri;
        try {
            uri = new URI(redirectUri);
        } catch (java.net.URISyntaxException malformed) {
            return false;
        }
        if (uri.getHost() == null || uri.getFragment() != null) {
            return false;
        }
        boolean loopback = LOOPBACK.contains(uri.getHost());
        return nativeApplication
                ? "https".equals(uri.getScheme()) || "http".equals(uri.getScheme()) && loopback
                : "https".equals(uri.getScheme()) && !loopback;
    }

    private Map<String, Object> information(Client client, URI origin) {
        Map<String, Object> information = new LinkedHashMap<>();
        information.put("client_id", client.id());
        if (client.secret() != null) {
            information.put("client_secret", client.secret());
            Instant expires = client.secretExpiresAt();
            information.put("client_secret_expires_at", expires == null ? 0 : expires.getEpochSecond());
        }
        information.put("registration_access_token", client.registrationToken());
        String elsewhere = knobs.registrationClientUri;
        information.put("registration_client_uri", elsewhere == null ? origin + "/register/" + client.id() : elsewhere);
        information.putAll(client.metadata());
        return information;
    }
}
