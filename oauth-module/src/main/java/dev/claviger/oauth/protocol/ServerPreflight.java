package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.oauth.api.AuthorizationPreflight;
import dev.claviger.oauth.api.ClientOrigin;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Runs the real discovery, looks over its shoulder, and stops before a client would be registered. */
public final class ServerPreflight implements AuthorizationPreflight {

    private static final int MOST_LISTED = 50;

    private final OutboundClient client;
    private final URI redirectUri;
    private final boolean documentIsReadable;

    public ServerPreflight(OutboundClient client, String publicUrl) {
        this.client = client;
        this.redirectUri = URI.create(publicUrl + "/oauth/callback");
        this.documentIsReadable = ClientMetadataDocument.unreachable(publicUrl).isEmpty();
    }

    @Override
    public Seen look(String serverUrl) {
        return look(serverUrl, null);
    }

    /** @param accepted a mismatch of issuers to look past, because an admin may accept it */
    private Seen look(String serverUrl, @Nullable IssuerException accepted) {
        Sight sight = new Sight(serverUrl);
        Discovered found = null;
        Failure failure = null;
        try {
            found = new Discovery(client, sight, accepted, null).discover(serverUrl);
        } catch (IssuerMismatch e) {
            IssuerException pair = e.pair();
            if (pair != null && accepted == null) {
                return look(serverUrl, pair);
            }
            failure = e.failure();
        } catch (Refused e) {
            failure = e.failure();
        } catch (Untrusted e) {
            failure = e.failure();
        } catch (Unreachable e) {
            failure = new Failure(FailureCode.SERVER_UNREACHABLE, String.valueOf(e.getMessage()));
        }
        return new Seen(
                sight.status,
                sight.challenge,
                sight.schemes,
                List.copyOf(sight.documents),
                sight.resource,
                found == null ? null : server(found, sight.published()),
                redirectUri.toString(),
                ClientRegistration.isUsableRedirect(redirectUri),
                accepted,
                failure);
    }

    private Server server(Discovered found, @Nullable JsonNode published) {
        AuthorizationServerMetadata server = found.server();
        ClientOrigin way = way(server);
        return new Server(
                server.issuer(),
                found.source(),
                way,
                authMethod(way, server.tokenEndpointAuthMethods()),
                server.tokenEndpointAuthMethods(),
                published == null ? List.of() : Remote.words(Json.texts(published, "grant_types_supported")),
                server.scopesSupported(),
                server.issParameterSupported(),
                pushedRequests(server));
    }

    private @Nullable ClientOrigin way(AuthorizationServerMetadata server) {
        if (server.clientIdMetadataDocumentSupported() && documentIsReadable) {
            return ClientOrigin.METADATA_DOCUMENT;
        }
        return server.registrationEndpoint() == null ? null : ClientOrigin.REGISTERED;
    }

    private static @Nullable String authMethod(@Nullable ClientOrigin way, List<String> supported) {
        if (way == ClientOrigin.METADATA_DOCUMENT) {
            return ClientMetadataDocument.methodAt(supported, ClientAuthentication.PRIVATE_KEY_JWT);
        }
        try {
            return ClientAuthentication.toRegister(supported);
        } catch (Refused e) {
            return null;
        }
    }

    private static PushedRequests pushedRequests(AuthorizationServerMetadata server) {
        if (server.requirePushedAuthorizationRequests()) {
            return PushedRequests.REQUIRED;
        }
        return server.pushedAuthorizationRequestEndpoint() == null
                ? PushedRequests.NOT_OFFERED
                : PushedRequests.OFFERED;
    }

    /** What one discovery saw. */
    private static final class Sight implements Discovery.Onlooker {

        private final String serverUrl;
        private final List<Document> documents = new ArrayList<>();
        private int status;
        private @Nullable Challenge challenge;
        private List<String> schemes = List.of();
        private @Nullable Resource resource;
        private @Nullable OutboundResponse last;
        private boolean asksServers;

        Sight(String serverUrl) {
            this.serverUrl = serverUrl;
        }

        @Override
        public void answered(OutboundResponse answer) {
            status = answer.status();
            List<String> headers = answer.headerValues("www-authenticate");
            schemes = WwwAuthenticate.parse(headers).stream()
                    .map(each -> shown(each.scheme()))
                    .limit(MOST_LISTED)
                    .toList();
            challenge = status != 401
                    ? null
                    : WwwAuthenticate.oauth(headers)
                            .map(each -> new Challenge(
                                    shown(each.scheme()),
                                    shownOrNull(each.parameter("resource_metadata")),
                                    shownOrNull(each.parameter("scope"))))
                            .orElse(null);
        }

        @Override
        public void fetched(URI url, @Nullable OutboundResponse response) {
            last = response;
            documents.add(new Document(
                    !asksServers,
                    shown(url.toString()),
                    response == null ? 0 : response.status(),
                    response != null && response.isSuccess() && Json.isHtml(response)));
        }

        @Override
        public void asksFor(String issuer) {
            asksServers = true;
        }

        @Override
        public void read(ProtectedResourceMetadata metadata) {
            resource = new Resource(
                    shown(metadata.resource()),
                    metadata.resource().equals(serverUrl)
                            ? Resource.Match.VERBATIM
                            : metadata.isFor(serverUrl) ? Resource.Match.PARENT : Resource.Match.MISMATCH,
                    metadata.authorizationServers().stream().map(Sight::shown).toList(),
                    metadata.scopesSupported().stream().limit(MOST_LISTED).toList());
        }

        /** The metadata of the authorization server: discovery asks for nothing after it. */
        @Nullable
        JsonNode published() {
            return Optional.ofNullable(last)
                    .filter(OutboundResponse::isSuccess)
                    .flatMap(Json::object)
                    .filter(json -> Json.text(json, "issuer") != null)
                    .orElse(null);
        }

        private static String shown(String remote) {
            return RemoteText.shown(remote, List.of());
        }

        private static @Nullable String shownOrNull(@Nullable String remote) {
            return remote == null || remote.isBlank() ? null : shown(remote);
        }
    }
}
