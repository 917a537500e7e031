package dev.claviger.oauth;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.api.OAuthSettings.IdentityProvider;
import dev.claviger.oauth.api.OAuthSettings.ResourceChoice;
import dev.claviger.oauth.api.OAuthSettings.ResourceChoice.Way;
import dev.claviger.oauth.protocol.ClientAuthentication;
import dev.claviger.oauth.protocol.ExchangeAnswer;
import dev.claviger.oauth.protocol.ExchangeAnswer.Assertion;
import dev.claviger.oauth.protocol.ExchangeAnswer.NotGiven;
import dev.claviger.oauth.protocol.TokenAnswer;
import dev.claviger.oauth.protocol.TokenAnswer.Denied;
import dev.claviger.oauth.protocol.TokenAnswer.Unintelligible;
import dev.claviger.oauth.protocol.TokenExchange;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Has the organisation's identity provider exchange what it gave out at sign-in for an assertion (ID-JAG). */
@Component
class ObtainAssertion {

    /** RFC 8693 section 2.2.2 has {@code invalid_request} for a subject token that is not accepted. */
    private static final Set<String> OF_THE_SUBJECT = Set.of("invalid_grant", "invalid_request", "access_denied");

    private final OutboundClient client;
    private final ClientKeys keys;
    private final Vault vault;
    private final SubjectTokens subjects;

    ObtainAssertion(OutboundClient client, ClientKeys keys, Vault vault, SubjectTokens subjects) {
        this.client = client;
        this.keys = keys;
        this.vault = vault;
        this.subjects = subjects;
    }

    /** The assertion is for the authorization server and the resource of this authorization, and is stored nowhere. */
    ExchangeAnswer obtain(AuthorizationRow row, @Nullable String scope) {
        IdentityProvider provider = identityProvider(row);
        if (!provider.subjectTokenType().equals(TokenExchange.REFRESH_TOKEN)) {
            return exchange(row, provider, provider.subjectToken(), scope);
        }
        return subjects.alone(provider.subjectToken(), inForce -> {
            ExchangeAnswer answer = exchange(row, provider, inForce, scope);
            if (answer instanceof Assertion assertion && assertion.subject() != null) {
                subjects.replace(row.id(), provider.subjectToken(), assertion.subject());
            }
            return answer;
        });
    }

    private ExchangeAnswer exchange(
            AuthorizationRow row, IdentityProvider provider, SecretRef sealed, @Nullable String scope) {
        Secret secret = keys.clientSecret(provider.clientSecret());
        Secret subject = vault.open(SecretPurpose.SUBJECT_TOKEN, sealed);
        if (secret == null) {
            return exchange(row, provider, null, ClientAuthentication.NONE, subject, scope);
        }
        ExchangeAnswer answer = exchange(row, provider, secret, ClientAuthentication.BASIC, subject, scope);
        boolean otherMethod = answer instanceof NotGiven refused
                && refused.answer() instanceof Denied denied
                && RefreshDenial.namesOurClient(denied);
        return otherMethod ? exchange(row, provider, secret, ClientAuthentication.POST, subject, scope) : answer;
    }

    private ExchangeAnswer exchange(
            AuthorizationRow row,
            IdentityProvider provider,
            @Nullable Secret secret,
            String method,
            Secret subject,
            @Nullable String scope) {
        TokenExchange endpoint = new TokenExchange(
                URI.create(provider.tokenEndpoint()), new ClientAuthentication(provider.clientId(), secret, method));
        return endpoint.read(
                client.send(endpoint.request(subject, provider.subjectTokenType(), row.issuer(), resource(row), scope)),
                subject);
    }

    /** The claim of the assertion that names the server; an audience that the authorization server wants is none. */
    private static @Nullable String resource(AuthorizationRow row) {
        ResourceChoice choice = row.started().settings().resource();
        return choice.way() == Way.AUDIENCE
                ? row.discovered().resource()
                : row.profile().resource();
    }

    /** What a refused exchange means, and what to do about it. */
    static AskForGrant.Answer notGiven(AuthorizationRow row, NotGiven refused) {
        TokenAnswer answer = refused.answer();
        String host = URI.create(identityProvider(row).tokenEndpoint()).getHost();
        if (answer instanceof Unintelligible nonsense) {
            return notGiven(
                    RefreshDenial.UNKNOWN,
                    "",
                    host + " gave no assertion: " + nonsense.why() + ". Tell the identity provider's administrator.");
        }
        Denied denied = (Denied) answer;
        String gaveNone = host + " gave no assertion: " + denied.words() + ". ";
        if (RefreshDenial.namesOurClient(denied)) {
            return notGiven(
                    RefreshDenial.CLIENT,
                    denied.error(),
                    gaveNone
                            + "Correct Claviger's client at the identity provider under Advanced, then connect again.");
        }
        RefreshDenial why =
                OF_THE_SUBJECT.contains(denied.error()) ? RefreshDenial.GRANT_DEAD : RefreshDenial.of(denied);
        return notGiven(
                why,
                denied.error(),
                gaveNone
                        + (refused.inDoubt() && why == RefreshDenial.GRANT_DEAD
                                ? "An earlier answer of it was lost, so it may have replaced the refresh token without"
                                        + " Claviger seeing the new one. "
                                : "")
                        + (why == RefreshDenial.GRANT_DEAD
                                ? "Enter a new identity token under Advanced, or have the identity provider's"
                                        + " administrator allow this authorization server for Claviger; then connect"
                                        + " again."
                                : "Have the identity provider's administrator allow this authorization server for"
                                        + " Claviger, then connect again."));
    }

    private static AskForGrant.Answer notGiven(RefreshDenial why, String error, String sentences) {
        return new AskForGrant.Answer.NotGiven(
                why, error, new Failure(FailureCode.IDENTITY_PROVIDER_REFUSED, sentences), false);
    }

    private static IdentityProvider identityProvider(AuthorizationRow row) {
        return Objects.requireNonNull(
                row.started().settings().identityProvider(), "Checked before a client was obtained");
    }
}
