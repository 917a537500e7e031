package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.oauth.protocol.ManagementAnswer.Nothing;
import dev.claviger.oauth.protocol.ManagementAnswer.Stands;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where one client of ours is managed: the URI that came with the registration, never one of our own making.
 *
 * @param token the registration access token
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7592#section-2">RFC 7592 section 2</a>
 */
public record ClientManagement(URI uri, Secret token) {

    /** The client as we have it, to which an answer is held. */
    public record Known(
            String clientId,
            @Nullable Secret clientSecret,
            @Nullable Instant clientSecretExpiresAt,
            String tokenEndpointAuthMethod) {}

    /**
     * @param servers URLs of the authorization server: its issuer and where it registered us
     * @throws Untrusted when the URI must not be called, or is not on the origin of one of them (C29)
     */
    public static ClientManagement of(
            String registrationClientUri, Secret token, Collection<String> servers, OutboundClient client) {
        URI uri = parse(registrationClientUri);
        client.check(uri);
        boolean theirs = servers.stream()
                .anyMatch(server -> Origin.of(URI.create(server)).equalsIgnoreCase(Origin.of(uri)));
        if (!theirs) {
            throw new Untrusted(
                    FailureCode.UNSAFE_ADDRESS,
                    "The address at which the client is to be managed is not on the authorization server's own host");
        }
        return new ClientManagement(uri, token);
    }

    private static URI parse(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new Untrusted(
                    FailureCode.UNSAFE_ADDRESS, "The address at which the client is to be managed is not a URL");
        }
    }

    /** RFC 7592 section 2.1. */
    public OutboundRequest read() {
        return authorized(OutboundRequest.get(uri)).purpose("Client registration read");
    }

    /**
     * RFC 7592 section 2.2: everything that was returned last, because what is left out is deleted (C31).
     *
     * @param metadata a JSON object, as {@link ClientRegistration#metadata}
     */
    public OutboundRequest update(Known client, String metadata) {
        String secret =
                client.clientSecret() == null ? null : client.clientSecret().reveal();
        return authorized(OutboundRequest.put(
                        uri, "application/json", Json.clientUpdate(metadata, client.clientId(), secret)))
                .purpose("Client registration update");
    }

    /** RFC 7592 section 2.3. */
    public OutboundRequest delete() {
        return authorized(OutboundRequest.delete(uri)).purpose("Client registration delete");
    }

    private OutboundRequest authorized(OutboundRequest request) {
        return request.header("Authorization", Secret.of("Bearer " + token.reveal()))
                .header("Accept", "application/json");
    }

    /**
     * Reads what came of {@link #read} or {@link #update}. A client by another id is not ours, whatever else is said of it
     * (C30).
     *
     * @throws Unreachable on 5xx and 429
     */
    public ManagementAnswer answer(OutboundResponse response, Known client) {
        List<Secret> sent = client.clientSecret() == null ? List.of(token) : List.of(token, client.clientSecret());
        if (!Answers.reachable(response, uri).isSuccess()) {
            return new Nothing(words(response, sent));
        }
        Optional<JsonNode> object = Json.object(response);
        if (object.isEmpty()) {
            return new Nothing("its answer is not one JSON object with unique keys");
        }
        JsonNode json = object.get();
        if (!client.clientId().equals(Json.text(json, "client_id"))) {
            return new Nothing("it answered for another client_id, so nothing of its answer was taken");
        }
        String secret = Json.text(json, "client_secret");
        String fresh = Json.text(json, "registration_access_token");
        if (isUnusable(secret) || isUnusable(fresh)) {
            return new Nothing("it sent a secret or token that is too long or not printable");
        }
        return stands(json, client, secret, fresh);
    }

    private Stands stands(JsonNode json, Known client, @Nullable String secret, @Nullable String fresh) {
        String method = method(Json.text(json, "token_endpoint_auth_method"), client, secret != null);
        boolean open = method.equals(ClientAuthentication.NONE);
        boolean saysWhen = json.has("client_secret_expires_at");
        String had =
                client.clientSecret() == null ? null : client.clientSecret().reveal();
        return new Stands(
                secret == null || open || secret.equals(had) ? null : Secret.of(secret),
                !open,
                saysWhen
                        ? ClientRegistration.expiry(Json.number(json, "client_secret_expires_at"))
                        : client.clientSecretExpiresAt(),
                method,
                fresh == null || fresh.equals(token.reveal()) ? null : Secret.of(fresh),
                Remote.url(Json.text(json, "registration_client_uri")),
                ClientRegistration.metadata(json, secret, fresh, had, token.reveal()));
    }

    /** Another one only if there is what it needs. */
    private static String method(@Nullable String named, Known client, boolean secretCame) {
        boolean hasSecret = secretCame || client.clientSecret() != null;
        boolean usable = ClientAuthentication.NONE.equals(named)
                || hasSecret && (ClientAuthentication.BASIC.equals(named) || ClientAuthentication.POST.equals(named));
        return named != null && usable ? named : client.tokenEndpointAuthMethod();
    }

    private static boolean isUnusable(@Nullable String credential) {
        return credential != null && !Remote.isCredential(credential);
    }

    /**
     * Whether the server says that the client is gone; the words for either case are {@link #words}.
     *
     * @throws Unreachable on 5xx and 429
     */
    public boolean isDeleted(OutboundResponse response) {
        return Answers.reachable(response, uri).isSuccess();
    }

    /** The answer, the end of a sentence. */
    public String words(OutboundResponse response) {
        return words(response, List.of(token));
    }

    private static String words(OutboundResponse response, Collection<Secret> sent) {
        String error = Json.object(response)
                .map(json -> Json.text(json, "error"))
                .map(code -> ", " + RemoteText.errorCode(code, sent))
                .orElse("");
        String meaning = switch (response.status()) {
            case 401 -> ": it does not know the client any more, or not our registration access token";
            case 403 -> ": it does not let clients do that";
            case 404 -> ": there is nothing at that address any more";
            case 405 -> ": it has no way to do that";
            default -> "";
        };
        return "HTTP " + response.status() + error + meaning;
    }
}
