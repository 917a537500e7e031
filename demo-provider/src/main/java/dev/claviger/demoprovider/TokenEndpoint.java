package dev.claviger.demoprovider;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives tokens for codes and refresh tokens, and revokes them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-3.2">RFC 6749 section 3.2</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7009">RFC 7009</a>
 */
final class TokenEndpoint {

    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private final Knobs knobs;
    private final ClientRegistrations clients;
    private final Grants grants;
    private final Resources resources;
    private final Assertions assertions;
    private final ClientAssertions clientAssertions;
    private final People people;

    TokenEndpoint(
            Knobs knobs,
            ClientRegistrations clients,
            Grants grants,
            Resources resources,
            Assertions assertions,
            ClientAssertions clientAssertions,
            People people) {
        this.knobs = knobs;
        this.clients = clients;
        this.grants = grants;
        this.resources = resources;
        this.assertions = assertions;
        this.clientAssertions = clientAssertions;
        this.people = people;
    }

    void token(Call call) throws IOException, OAuthError {
        if (knobs.tokenEndpoint503) {
            call.with("Retry-After", "1").answer(503, "text/plain", "Down for maintenance");
            return;
        }
        if (knobs.tokenEndpointStatus != 0) {
            call.answer(knobs.tokenEndpointStatus, "text/plain", "Not now");
            return;
        }
        if (knobs.tokenEndpointHtml) {
            call.html(200, "<!doctype html><title>Sign in</title><p>Please sign in to continue.</p>" + echo(call));
            return;
        }
        OAuthError refused = null;
        Map<String, Object> tokens = Map.of();
        try {
            tokens = process(call);
        } catch (OAuthError error) {
            refused = new OAuthError(error.status(), error.error(), echo(call) + error.description());
        }
        Call.pause(knobs.tokenEndpointDelay);
        Call.await(knobs.tokenEndpointGate);
        if (knobs.tokenEndpointDropsAnswer) {
            call.hangUp();
        } else if (refused != null) {
            throw refused;
        } else {
            call.with("Cache-Control", "no-store").json(200, tokens);
        }
    }

    private String echo(Call call) {
        return knobs.echoRequests ? "You sent " + call.header("Authorization") + " and " + call.body() + ". " : "";
    }

    void revoke(Call call) throws IOException, OAuthError {
        Call.await(knobs.revocationGate);
        if (knobs.noRevocationEndpoint) {
            call.empty(404);
        } else if (knobs.revocation503) {
            int pause = knobs.revocationRetryAfter;
            (pause == 0 ? call : call.with("Retry-After", String.valueOf(pause))).empty(503);
        } else if (knobs.unsupportedRevocation != null
                && knobs.unsupportedRevocation.equals(call.form().get("token_type_hint"))) {
            throw new OAuthError(400, "unsupported_token_type", "Tokens of this kind are not revoked here.");
        } else {
            Client client = authenticate(call);
            if (!knobs.tokensOutliveRevocation) {
                grants.revoke(call.form().get("token"), client.id());
            }
            call.empty(200);
        }
    }

    private Map<String, Object> process(Call call) throws OAuthError {
        Client client = authenticate(call);
        Map<String, String> form = call.form();
        return switch (form.getOrDefault("grant_type", "")) {
            case "authorization_code" -> redeem(call, client, form);
            case "refresh_token" -> refresh(client, form);
            case "client_credentials" -> grant(client, form, form.get("scope"), form.get("resource"));
            case JWT_BEARER -> assertion(call, client, form);
            default -> throw new OAuthError(400, "unsupported_grant_type", "Use authorization_code or refresh_token.");
        };
    }

    private Map<String, Object> redeem(Call call, Client client, Map<String, String> form) throws OAuthError {
        Grants.Code code = grants.redeem(form.getOrDefault("code", ""));
        if (!code.grant().clientId().equals(client.id())) {
            throw new OAuthError(400, "invalid_grant", "The code was given to another client.");
        }
        if (!code.redirectUri().equals(form.get("redirect_uri"))) {
            throw new OAuthError(400, "invalid_grant", "redirect_uri is not the one of the authorization request.");
        }
        if (!code.challenge().equals(s256(form.getOrDefault("code_verifier", "")))) {
            throw new OAuthError(400, "invalid_grant", "code_verifier does not fit.");
        }
        sameResource(code.grant(), form);
        Map<String, Object> answer = tokens(code.grant(), true, null);
        String idToken = people.idToken(code.grant(), call.origin() + knobs.issuerPath);
        if (idToken != null) {
            answer.put("id_token", idToken);
        }
        return answer;
    }

    private Map<String, Object> refresh(Client client, Map<String, String> form) throws OAuthError {
        if (knobs.refreshInvalidGrant) {
            throw new OAuthError(400, "invalid_grant", "The grant is no longer valid.");
        }
        if (knobs.refreshError != null) {
            throw new OAuthError(400, knobs.refreshError, "Not now.");
        }
        Grants.Grant grant = grants.refresh(form.get("refresh_token"), client.id());
        sameResource(grant, form);
        return tokens(grant, knobs.rotateRefreshTokens, form.get("scope"));
    }

    private Map<String, Object> assertion(Call call, Client client, Map<String, String> form) throws OAuthError {
        Assertions.Assertion assertion = assertions.take(form.get("assertion"), call.origin() + knobs.issuerPath);
        if (knobs.refuseAssertions) {
            throw new OAuthError(400, "invalid_grant", "The issuer of the assertion is not trusted.");
        }
        return grant(client, form, assertion.scope(), assertion.resource());
    }

    /** Without a person, and without a refresh token. */
    private Map<String, Object> grant(
            Client client, Map<String, String> form, @Nullable String scope, @Nullable String resource)
            throws OAuthError {
        if (knobs.refuseGrants || client.authMethod().equals("none")) {
            throw new OAuthError(400, "unauthorized_client", "This client may not use this grant.");
        }
        Grants.Grant grant = grants.grant(
                client.id(), resources.audience(resource), scope == null ? String.join(" ", Resources.SCOPES) : scope);
        sameResource(grant, form);
        return tokens(grant, false, null);
    }

    private Map<String, Object> tokens(Grants.Grant grant, boolean withRefreshToken, @Nullable String scope) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", grants.accessToken(grant));
        answer.put("token_type", "Bearer");
        if (!knobs.omitExpiresIn) {
            answer.put("expires_in", knobs.accessTokenLifetime.toSeconds());
        }
        if (withRefreshToken && !knobs.noRefreshToken) {
            answer.put("refresh_token", grants.refreshToken(grant));
        }
        answer.put("scope", scope == null ? grant.scope() : scope);
        return answer;
    }

    private void sameResource(Grants.Grant grant, Map<String, String> form) throws OAuthError {
        if (!resources.audience(form.get("resource")).equals(grant.resource())) {
            throw new OAuthError(400, "invalid_target", "resource must be the one of the authorization request.");
        }
    }

    /** The client that sends the request. */
    Client authenticate(Call call) throws OAuthError {
        String authorization = call.header("Authorization");
        Map<String, String> form = call.form();
        String method;
        String id;
        String secret;
        if (form.containsKey("client_assertion")) {
            method = MetadataDocuments.METHOD;
            id = clientAssertions.verify(
                    form.get("client_assertion_type"),
                    form.getOrDefault("client_assertion", ""),
                    call.origin() + knobs.issuerPath);
            secret = null;
        } else if (authorization != null && authorization.startsWith("Basic ")) {
            String[] pair = basic(authorization.substring("Basic ".length()));
            method = "client_secret_basic";
            id = pair[0];
            secret = pair[1];
        } else {
            secret = form.get("client_secret");
            method = secret == null ? "none" : "client_secret_post";
            id = form.getOrDefault("client_id", "");
        }
        Client client = clients.find(id);
        boolean known = client != null
                && client.authMethod().equals(method)
                && !client.secretHasExpired()
                && (client.secret() == null || client.secret().equals(secret));
        if (client == null && knobs.unknownClientIs422) {
            throw new OAuthError(422, "", "Unrecognized client_id");
        }
        if (client == null || !known) {
            call.with("WWW-Authenticate", "Basic realm=\"Acme Notes\"");
            throw new OAuthError(401, "invalid_client", "Client authentication failed.");
        }
        return client;
    }

    private static String[] basic(String credentials) throws OAuthError {
        try {
            String decoded = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            int colon = decoded.indexOf(':');
            return new String[] {
                URLDecoder.decode(decoded.substring(0, colon), StandardCharsets.UTF_8),
                URLDecoder.decode(decoded.substring(colon + 1), StandardCharsets.UTF_8)
            };
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException malformed) {
            throw new OAuthError(401, "invalid_client", "The Basic credentials are malformed.");
        }
    }

    private static String s256(String verifier) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
