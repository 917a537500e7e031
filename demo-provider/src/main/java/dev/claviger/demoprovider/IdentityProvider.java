package dev.claviger.demoprovider;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The identity provider of an organisation: exchanges what it gave out at sign-in for an assertion to the authorization
 * server.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8693">RFC 8693</a>
 */
final class IdentityProvider {

    static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
    static final String REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";

    private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    private final Knobs knobs;
    private final Mint mint;
    private final Assertions assertions;
    private final String clientId;
    private final String clientSecret;
    private final Map<String, Set<String>> subjects =
            Map.of(ID_TOKEN, ConcurrentHashMap.newKeySet(), REFRESH_TOKEN, ConcurrentHashMap.newKeySet());

    IdentityProvider(Knobs knobs, Mint mint, Assertions assertions) {
        this.knobs = knobs;
        this.mint = mint;
        this.assertions = assertions;
        this.clientId = "idp_client_" + mint.id();
        this.clientSecret = mint.secret("ics");
    }

    String clientId() {
        return clientId;
    }

    String clientSecret() {
        return clientSecret;
    }

    String signIn(String tokenType) {
        String token = mint.secret(tokenType.equals(ID_TOKEN) ? "idt" : "irt");
        ofType(tokenType).add(token);
        return token;
    }

    void forgetSubjects() {
        subjects.values().forEach(Set::clear);
    }

    void handle(Call call) throws IOException {
        try {
            if (call.is("GET", "/.well-known/openid-configuration")) {
                call.json(200, metadata(call));
            } else if (!call.is("POST", "/token")) {
                call.json(404, Map.of("error", "not_found"));
            } else if (knobs.identityProvider503) {
                call.with("Retry-After", "1").answer(503, "text/plain", "Down for maintenance");
            } else {
                Map<String, Object> answer = exchange(call);
                if (knobs.identityProviderDropsAnswer) {
                    call.hangUp();
                } else {
                    call.with("Cache-Control", "no-store").json(200, answer);
                }
            }
        } catch (OAuthError error) {
            String echo =
                    knobs.echoRequests ? "You sent " + call.header("Authorization") + " and " + call.body() + ". " : "";
            call.with("Cache-Control", "no-store")
                    .json(
                            error.status(),
                            new OAuthError(error.status(), error.error(), echo + error.description()).body());
        }
    }

    private static Map<String, Object> metadata(Call call) {
        return Map.of(
                "issuer",
                call.origin().toString(),
                "authorization_endpoint",
                call.origin() + "/authorize",
                "token_endpoint",
                call.origin() + "/token",
                "grant_types_supported",
                List.of(EXCHANGE));
    }

    private Map<String, Object> exchange(Call call) throws OAuthError {
        authenticate(call);
        Map<String, String> form = call.form();
        if (!EXCHANGE.equals(form.get("grant_type")) || !ID_JAG.equals(form.get("requested_token_type"))) {
            throw new OAuthError(400, "unsupported_grant_type", "Only an exchange for an id-jag is known here.");
        }
        if (form.get("audience") == null || form.get("resource") == null) {
            throw new OAuthError(400, "invalid_request", "Say audience and resource.");
        }
        String type = form.getOrDefault("subject_token_type", "");
        String subject = form.getOrDefault("subject_token", "");
        boolean known = subjects.containsKey(type) && ofType(type).contains(subject);
        if (!known || knobs.identityProviderRefuses) {
            throw new OAuthError(400, "invalid_grant", "The subject token has expired.");
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("issued_token_type", knobs.identityProviderGivesAccessTokens ? ACCESS_TOKEN : ID_JAG);
        answer.put("token_type", knobs.identityProviderGivesAccessTokens ? "Bearer" : "N_A");
        answer.put("access_token", assertions.give(form.get("audience"), form.get("resource"), form.get("scope")));
        answer.put("expires_in", 300);
        if (knobs.rotateSubjectTokens && type.equals(REFRESH_TOKEN)) {
            ofType(type).remove(subject);
            answer.put("refresh_token", signIn(type));
        }
        return answer;
    }

    private Set<String> ofType(String type) {
        return subjects.getOrDefault(type, Set.of());
    }

    private void authenticate(Call call) throws OAuthError {
        String authorization = call.header("Authorization");
        Map<String, String> form = call.form();
        boolean known = knobs.identityProviderTakesPostOnly
                ? authorization == null
                        && clientId.equals(form.get("client_id"))
                        && clientSecret.equals(form.get("client_secret"))
                : authorization != null && (clientId + ":" + clientSecret).equals(basic(authorization));
        if (!known) {
            throw new OAuthError(401, "invalid_client", "Client authentication failed.");
        }
    }

    private static String basic(String authorization) throws OAuthError {
        try {
            String pair = new String(
                    Base64.getDecoder().decode(authorization.substring("Basic ".length())), StandardCharsets.UTF_8);
            return URLDecoder.decode(pair, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException malformed) {
            throw new OAuthError(401, "invalid_client", "The Basic credentials are malformed.");
        }
    }
}
