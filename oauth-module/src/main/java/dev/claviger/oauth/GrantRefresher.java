package dev.claviger.oauth;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.RefreshFailure;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.credentials.vault.RefreshOutcome;
import dev.claviger.credentials.vault.RefreshOutcome.Failed;
import dev.claviger.credentials.vault.RefreshOutcome.Refreshed;
import dev.claviger.credentials.vault.RefreshOutcome.Rejected;
import dev.claviger.credentials.vault.SecretUnreadable;
import dev.claviger.credentials.vault.TokenRefresher;
import dev.claviger.oauth.AskForGrant.Answer.Given;
import dev.claviger.oauth.AskForGrant.Answer.NotGiven;
import dev.claviger.oauth.api.AuthorizationEvent.ClientObtained;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.protocol.TokenAnswer;
import dev.claviger.oauth.protocol.TokenAnswer.Denied;
import dev.claviger.oauth.protocol.TokenAnswer.Tokens;
import dev.claviger.oauth.protocol.TokenAnswer.Unintelligible;
import dev.claviger.oauth.protocol.TokenEndpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Refreshes with the profile of the grant: the same client, the same resource, one request; or asks for the grant again. */
@Component
class GrantRefresher implements TokenRefresher {

    private static final Logger log = LoggerFactory.getLogger(GrantRefresher.class);

    private final AuthorizationTable authorizations;
    private final OutboundClient client;
    private final ClientKeys keys;
    private final AskForGrant askForGrant;
    private final RetireClient retireClient;

    GrantRefresher(
            AuthorizationTable authorizations,
            OutboundClient client,
            ClientKeys keys,
            AskForGrant askForGrant,
            RetireClient retireClient) {
        this.authorizations = authorizations;
        this.client = client;
        this.keys = keys;
        this.askForGrant = askForGrant;
        this.retireClient = retireClient;
    }

    @Override
    public RefreshOutcome refresh(CredentialId credentialId, @Nullable Secret refreshToken) {
        AuthorizationRow row =
                authorizations.find(new AuthorizationId(credentialId.value())).orElse(null);
        if (row == null || row.client() == null) {
            return failed(RefreshFailure.UNKNOWN, "It is not known how this token was granted; connect again.");
        }
        try {
            return refreshToken == null ? askAgain(row) : ask(row.obtained(), row.tokenEndpoint(keys), refreshToken);
        } catch (SecretUnreadable e) {
            return failed(
                    RefreshFailure.CLIENT,
                    "A secret that is needed for it cannot be opened any more; enter it again and connect.");
        }
    }

    /** A refresh token that came unasked is left out: nothing would ever use it. */
    private RefreshOutcome askAgain(AuthorizationRow row) {
        try {
            AskForGrant.Answer answer = askForGrant.ask(row);
            if (answer instanceof Given given) {
                Tokens tokens = given.tokens();
                return new Refreshed(tokens.accessToken(), null, tokens.expiresIn(), tokens.scope(), null);
            }
            NotGiven refused = (NotGiven) answer;
            String detail = refused.failure().detail();
            if (refused.ofOurClient()) {
                retireClient.retire(row.obtained(), detail);
            }
            return switch (refused.why()) {
                case GRANT_DEAD -> new Rejected(refused.error(), detail);
                case CLIENT -> failed(RefreshFailure.CLIENT, detail);
                case UNKNOWN -> failed(RefreshDenial.failure(refused.error()), detail);
            };
        } catch (Unreachable e) {
            return Failed.of(e);
        } catch (Untrusted e) {
            return failed(e);
        }
    }

    private RefreshOutcome ask(ClientObtained obtained, TokenEndpoint endpoint, Secret refreshToken) {
        try {
            TokenAnswer answer = endpoint.read(client.send(endpoint.refresh(refreshToken)), List.of(refreshToken));
            if (answer instanceof Denied denied && RefreshDenial.namesOurClient(denied)) {
                retireClient.retire(obtained, "The token endpoint refused it at a refresh: " + denied.words() + ".");
            }
            return outcome(answer);
        } catch (Unreachable e) {
            return Failed.of(e);
        } catch (Untrusted e) {
            return failed(e);
        }
    }

    private static RefreshOutcome outcome(TokenAnswer answer) {
        if (answer instanceof Tokens tokens) {
            return new Refreshed(
                    tokens.accessToken(),
                    tokens.refreshToken(),
                    tokens.expiresIn(),
                    tokens.scope(),
                    tokens.refreshExpiresIn());
        }
        if (answer instanceof Denied denied) {
            return switch (RefreshDenial.of(denied)) {
                case GRANT_DEAD -> new Rejected(denied.error(), denied.description());
                case CLIENT ->
                    failed(
                            RefreshFailure.CLIENT,
                            "The token endpoint does not accept our client: " + denied.words() + ".");
                case UNKNOWN -> {
                    RefreshFailure failure = RefreshDenial.failure(denied.error());
                    yield failed(
                            failure == RefreshFailure.UNKNOWN ? RefreshFailure.DENIED : failure,
                            "The token endpoint refused: " + denied.words() + ".");
                }
            };
        }
        // It said "success", so it may have rotated the token.
        return new Failed(RefreshFailure.UNKNOWN, ((Unintelligible) answer).why() + ".", true, null);
    }

    /** An answer that was too long is one that was sent: the server may have rotated the token. */
    static Failed failed(Untrusted e) {
        return new Failed(
                RefreshFailure.UNKNOWN, String.valueOf(e.getMessage()), e.code() == FailureCode.LIMIT_EXCEEDED, null);
    }

    private static Failed failed(RefreshFailure failure, String detail) {
        return new Failed(failure, detail, false, null);
    }
}
