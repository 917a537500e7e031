package dev.claviger.demoprovider;

import java.io.IOException;
import java.util.Map;

/** Routes what comes to the authorization server to its endpoints. */
final class AuthorizationServer {

    private final ServerMetadata metadata;
    private final ClientRegistrations clients;
    private final AuthorizationEndpoint authorization;
    private final TokenEndpoint tokens;
    private final People people;

    AuthorizationServer(
            ServerMetadata metadata,
            ClientRegistrations clients,
            AuthorizationEndpoint authorization,
            TokenEndpoint tokens,
            People people) {
        this.metadata = metadata;
        this.clients = clients;
        this.authorization = authorization;
        this.tokens = tokens;
        this.people = people;
    }

    void handle(Call call) throws IOException {
        try {
            if (call.method().equals("GET") && ServerMetadata.asksFor(call.path())) {
                metadata.answer(call);
            } else if (call.is("POST", "/register")) {
                clients.register(call);
            } else if (call.path().startsWith("/register/")) {
                clients.configure(call);
            } else if (call.is("GET", "/authorize")) {
                authorization.request(call);
            } else if (call.is("POST", "/par")) {
                authorization.push(call, tokens.authenticate(call));
            } else if (call.is("POST", "/authorize/decision")) {
                authorization.decide(call);
            } else if (call.is("POST", "/token")) {
                tokens.token(call);
            } else if (call.is("POST", "/revoke")) {
                tokens.revoke(call);
            } else if (call.is("GET", "/userinfo")) {
                people.userinfo(call);
            } else if (call.is("GET", "/jwks")) {
                call.json(200, Map.of("keys", java.util.List.of()));
            } else {
                call.json(404, Map.of("error", "not_found"));
            }
        } catch (OAuthError error) {
            call.with("Cache-Control", "no-store").json(error.status(), error.body());
        }
    }
}
