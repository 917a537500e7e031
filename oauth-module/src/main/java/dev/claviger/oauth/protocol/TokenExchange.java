package dev.claviger.oauth.protocol;

import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.oauth.protocol.ExchangeAnswer.Assertion;
import dev.claviger.oauth.protocol.ExchangeAnswer.NotGiven;
import dev.claviger.oauth.protocol.TokenAnswer.Denied;
import dev.claviger.oauth.protocol.TokenAnswer.Unintelligible;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The token endpoint of an organisation's identity provider, which exchanges what it gave out at sign-in for an assertion
 * to another authorization server (ID-JAG).
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8693#section-2">RFC 8693 section 2</a>
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-oauth-identity-assertion-authz-grant/">Identity Assertion
 *     Authorization Grant</a>
 */
public record TokenExchange(URI uri, ClientAuthentication client) {

    /** How an authorization server says that it takes these assertions, in {@code authorization_grant_profiles_supported}. */
    public static final String GRANT_PROFILE = "urn:ietf:params:oauth:grant-profile:id-jag";

    public static final String REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";

    private static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";

    /** Two requests are made of a renewal by assertion, and its caller waits for both. */
    static final Duration TIME_LIMIT = Duration.ofSeconds(8);

    /**
     * @param audience issuer of the authorization server that the assertion is for, byte for byte
     * @param resource byte for byte; null: not sent
     * @param scope space separated; null: not sent
     */
    public OutboundRequest request(
            Secret subject, String subjectType, String audience, @Nullable String resource, @Nullable String scope) {
        RawGrant grant = new RawGrant(GrantType.TOKEN_EXCHANGE)
                .with("requested_token_type", ID_JAG)
                .with("audience", audience)
                .with("subject_token", subject.reveal())
                .with("subject_token_type", subjectType);
        var authentication = client.nimbus();
        TokenRequest.Builder builder = authentication == null
                ? new TokenRequest.Builder(uri, client.nimbusId(), grant)
                : new TokenRequest.Builder(uri, authentication, grant);
        if (resource != null) {
            builder.resource(URI.create(resource));
        }
        if (scope != null) {
            builder.scope(new Scope(scope.trim().split(" +")));
        }
        return NimbusMessages.post(builder.build().toHTTPRequest(), uri).timeout(TIME_LIMIT);
    }

    /**
     * @param subject what was sent, which a server may echo in its error
     * @throws Unreachable on 5xx and 429
     */
    public ExchangeAnswer read(OutboundResponse response, Secret subject) {
        Answers.reachable(response, uri);
        Optional<JsonNode> json = Json.object(response);
        if (!response.isSuccess() || json.filter(TokenEndpoint::isError).isPresent()) {
            List<Secret> echoed = new ArrayList<>(client.written());
            echoed.add(subject);
            Denied denied = TokenEndpoint.denied(response.status(), json, echoed);
            return new NotGiven(denied);
        }
        return json.map(TokenExchange::assertion)
                .orElseGet(() -> nonsense("it answered with something that is not JSON"));
    }

    /** An access token in the place of the assertion must not travel on: the other server could use it. */
    private static ExchangeAnswer assertion(JsonNode json) {
        if (!ID_JAG.equals(Json.text(json, "issued_token_type"))) {
            return nonsense("what it gave is not an ID-JAG (RFC 8693 section 2.2.1, issued_token_type)");
        }
        String type = Json.text(json, "token_type");
        if (type == null || !type.equalsIgnoreCase("N_A")) {
            return nonsense("what it gave is not only an assertion (RFC 8693 section 2.2.1, token_type)");
        }
        String assertion = Json.text(json, "access_token");
        String subject = Json.text(json, "refresh_token");
        if (assertion == null
                || !Remote.isCredential(assertion)
                || (subject != null && !Remote.isCredential(subject))) {
            return nonsense("its answer holds no assertion that can be sent on");
        }
        return new Assertion(Secret.of(assertion), subject == null ? null : Secret.of(subject));
    }

    private static ExchangeAnswer nonsense(String why) {
        return new NotGiven(new Unintelligible(why));
    }
}
