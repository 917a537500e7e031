package dev.claviger.demoprovider;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks authorization requests, asks the person, and sends the authorization response.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1">RFC 6749 section 4.1.1</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9207">RFC 9207</a>
 */
final class AuthorizationEndpoint {

    /** A request that passed the checks and waits for the person. */
    private record Pending(
            String redirectUri,
            @Nullable String state,
            String clientId,
            String challenge,
            String resource,
            String scope) {}

    private record Pushed(Map<String, String> parameters, Instant expiresAt) {}

    private final Knobs knobs;
    private final Mint mint;
    private final ClientRegistrations clients;
    private final Grants grants;
    private final Resources resources;
    private final Map<String, Pending> pending = new ConcurrentHashMap<>();
    private final Map<String, Pushed> pushed = new ConcurrentHashMap<>();

    AuthorizationEndpoint(Knobs knobs, Mint mint, ClientRegistrations clients, Grants grants, Resources resources) {
        this.knobs = knobs;
        this.mint = mint;
        this.clients = clients;
        this.grants = grants;
        this.resources = resources;
    }

    /** RFC 9126 section 2. */
    void push(Call call, Client client) throws IOException, OAuthError {
        Map<String, String> form = call.form();
        String refusal = knobs.refusePushedRequests;
        if (refusal != null) {
            throw new OAuthError(400, refusal, "This request is not one Acme Notes takes.");
        }
        if (!client.redirectUris().contains(form.getOrDefault("redirect_uri", ""))) {
            throw new OAuthError(400, "invalid_request", "The redirect URI is not one this application registered.");
        }
        check(client, form.getOrDefault("redirect_uri", ""), form.get("state"), form);
        String requestUri = "urn:ietf:params:oauth:request_uri:" + mint.secret("par");
        Map<String, String> parameters = new LinkedHashMap<>(form);
        parameters.put("client_id", client.id());
        pushed.put(requestUri, new Pushed(parameters, Instant.now().plus(knobs.pushedRequestLifetime)));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("request_uri", requestUri);
        answer.put("expires_in", knobs.pushedRequestLifetime.toSeconds());
        call.with("Cache-Control", "no-store").json(201, answer);
    }

    /** What was pushed under the name in the query, once; a query without a name is what it is. */
    private Map<String, String> asked(Map<String, String> query) {
        String requestUri = query.get("request_uri");
        if (requestUri == null) {
            return knobs.requirePushedRequests ? Map.of() : query;
        }
        Pushed request = pushed.remove(requestUri);
        boolean good = request != null
                && request.expiresAt().isAfter(Instant.now())
                && Objects.equals(request.parameters().get("client_id"), query.get("client_id"));
        return request == null || !good ? Map.of() : request.parameters();
    }

    void request(Call call) throws IOException {
        Map<String, String> query = asked(call.query());
        Client client = clients.find(query.getOrDefault("client_id", ""));
        String redirectUri = query.getOrDefault("redirect_uri", "");
        // Before both are known to belong together nothing may be sent to the redirect URI.
        if (client == null) {
            call.html(400, ConsentPage.error("This application is not registered with Acme Notes."));
        } else if (!client.redirectUris().contains(redirectUri)) {
            call.html(400, ConsentPage.error("The redirect URI is not one this application has registered."));
        } else {
            String state = query.get("state");
            try {
                if (knobs.authorizationError != null) {
                    throw new OAuthError(302, knobs.authorizationError, "Acme Notes says no.");
                }
                Pending request = check(client, redirectUri, state, query);
                if (knobs.consentPage) {
                    String id = mint.id();
                    pending.put(id, request);
                    call.with("Cache-Control", "no-store")
                            .html(200, ConsentPage.ask(id, client.name(), redirectUri, request.scope()));
                } else {
                    call.redirect(302, approved(call, request));
                }
            } catch (OAuthError error) {
                call.redirect(302, response(call, redirectUri, state, refusal(error.error(), error.description())));
            }
        }
    }

    /** The person pressed a button on the consent page. */
    void decide(Call call) throws IOException {
        Map<String, String> form = call.form();
        Pending request = pending.remove(form.getOrDefault("request", ""));
        if (request == null) {
            call.html(400, ConsentPage.error("This request was answered before. Start again in your application."));
        } else if ("approve".equals(form.get("decision"))) {
            call.redirect(303, approved(call, request));
        } else {
            Map<String, String> denied = refusal("access_denied", "The person said no.");
            call.redirect(303, response(call, request.redirectUri(), request.state(), denied));
        }
    }

    private Pending check(Client client, String redirectUri, @Nullable String state, Map<String, String> query)
            throws OAuthError {
        if (!"code".equals(query.get("response_type"))) {
            throw new OAuthError(302, "unsupported_response_type", "response_type must be code.");
        }
        String challenge = query.getOrDefault("code_challenge", "");
        if (!"S256".equals(query.get("code_challenge_method")) || challenge.length() != 43) {
            throw new OAuthError(302, "invalid_request", "PKCE with S256 is required.");
        }
        String resource = resources.audience(query.get("resource"));
        String scope = query.getOrDefault("scope", String.join(" ", Resources.SCOPES));
        for (String one : scope.split(" ")) {
            if (!Resources.SCOPES.contains(one) && !knobs.scopesSupported.contains(one)) {
                throw new OAuthError(302, "invalid_scope", "An unknown scope was asked for.");
            }
        }
        return new Pending(redirectUri, state, client.id(), challenge, resource, scope);
    }

    private String approved(Call call, Pending request) {
        String code = grants.code(
                request.clientId(), request.redirectUri(), request.challenge(), request.resource(), request.scope());
        return response(call, request.redirectUri(), request.state(), Map.of("code", code));
    }

    private String response(Call call, String redirectUri, @Nullable String state, Map<String, String> parameters) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        if (state != null) {
            all.put("state", state);
        }
        if (!knobs.omitIss) {
            all.put("iss", knobs.wrongIss ? "https://login.attacker.example" : issuer(call));
        }
        return redirectUri + (redirectUri.contains("?") ? "&" : "?") + Form.encode(all);
    }

    private String issuer(Call call) {
        String published = knobs.publishedIssuer;
        return published == null ? call.origin() + knobs.issuerPath : published;
    }

    private static Map<String, String> refusal(String error, String description) {
        Map<String, String> refusal = new LinkedHashMap<>();
        refusal.put("error", error);
        refusal.put("error_description", description);
        return refusal;
    }
}
