package dev.claviger.oauth;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.oauth.AskForGrant.Answer.Given;
import dev.claviger.oauth.AskForGrant.Answer.NotGiven;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.oauth.protocol.ExchangeAnswer;
import dev.claviger.oauth.protocol.TokenAnswer;
import dev.claviger.oauth.protocol.TokenAnswer.Denied;
import dev.claviger.oauth.protocol.TokenAnswer.Tokens;
import dev.claviger.oauth.protocol.TokenAnswer.Unintelligible;
import dev.claviger.oauth.protocol.TokenEndpoint;
import dev.claviger.oauth.protocol.TokenExchange;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Asks for a token without a person: as the client itself, or with an assertion of the identity provider. Nothing is spent
 * by it, so it may be asked again and again; a renewal asks the same.
 */
@Component
class AskForGrant {

    /** What came of it. */
    sealed interface Answer {

        record Given(Tokens tokens) implements Answer {}

        /**
         * @param why what a renewal makes of it
         * @param error the OAuth error code; empty where there was none
         * @param failure what to do about it, in sentences
         * @param ofOurClient whether the authorization server said that it does not take our client
         */
        record NotGiven(RefreshDenial why, String error, Failure failure, boolean ofOurClient) implements Answer {}
    }

    private final OutboundClient client;
    private final ClientKeys keys;
    private final ObtainAssertion obtainAssertion;
    private final AskedScope askedScope;

    AskForGrant(OutboundClient client, ClientKeys keys, ObtainAssertion obtainAssertion, AskedScope askedScope) {
        this.client = client;
        this.keys = keys;
        this.obtainAssertion = obtainAssertion;
        this.askedScope = askedScope;
    }

    /** One request to the authorization server, and for an assertion one to the identity provider before it. */
    Answer ask(AuthorizationRow row) {
        TokenEndpoint endpoint = row.tokenEndpoint(keys);
        String scope = askedScope.of(row);
        if (row.started().settings().grant() == Grant.CLIENT_CREDENTIALS) {
            TokenAnswer answer = endpoint.read(client.send(endpoint.clientCredentials(scope)), List.of());
            return answer(answer, "Check the client's grant type, scope and resource at the provider");
        }
        ExchangeAnswer exchanged = obtainAssertion.obtain(row, scope);
        if (exchanged instanceof ExchangeAnswer.NotGiven refused) {
            return ObtainAssertion.notGiven(row, refused);
        }
        Secret assertion = ((ExchangeAnswer.Assertion) exchanged).value();
        TokenAnswer answer = endpoint.read(client.send(endpoint.assertion(assertion, scope)), List.of(assertion));
        return answer(
                answer,
                profiles(row)
                        + "Check there that it trusts the identity provider and lets our client use its assertions");
    }

    /** Many servers take what they do not list, so it is asked all the same; a refusal is then no surprise. */
    private static String profiles(AuthorizationRow row) {
        List<String> listed = row.discovered().grantProfiles();
        if (listed != null && listed.contains(TokenExchange.GRANT_PROFILE)) {
            return "";
        }
        return listed == null
                ? "The authorization server does not say whether it takes assertions of an identity provider at all. "
                : "By its metadata the authorization server takes no assertions of an identity provider"
                        + " (authorization_grant_profiles_supported). ";
    }

    private static Answer answer(TokenAnswer answer, String check) {
        if (answer instanceof Tokens tokens) {
            return new Given(tokens);
        }
        if (answer instanceof Denied denied) {
            boolean ofOurClient = RefreshDenial.namesOurClient(denied);
            return new NotGiven(
                    RefreshDenial.of(denied),
                    denied.error(),
                    new Failure(
                            FailureCode.GRANT_REFUSED,
                            ofOurClient
                                    ? "The token endpoint does not accept our client: " + denied.words()
                                            + ". Correct the client under Advanced, then connect again."
                                    : "The token endpoint gave no token: " + denied.words() + ". " + check
                                            + ", then connect again."),
                    ofOurClient);
        }
        return new NotGiven(
                RefreshDenial.UNKNOWN,
                "",
                new Failure(
                        FailureCode.TOKEN_RESPONSE_MALFORMED,
                        ((Unintelligible) answer).why() + ", so there is no token to use; tell the server's operator."),
                false);
    }
}
