package dev.claviger.oauth;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.oauth.AuthorizationOutcome.RecordFailure;
import dev.claviger.oauth.api.AuthorizationStep;
import dev.claviger.oauth.protocol.AuthorizationRequest;
import dev.claviger.oauth.protocol.PushedAuthorizationRequest;
import dev.claviger.oauth.protocol.PushedAuthorizationRequest.Answer;
import dev.claviger.oauth.protocol.PushedAuthorizationRequest.Answer.Accepted;
import dev.claviger.oauth.protocol.PushedAuthorizationRequest.Answer.NotAccepted;
import dev.claviger.oauth.protocol.TokenAnswer.Denied;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.stereotype.Component;

/**
 * Pushes the authorization request of an authorization server that takes no other (RFC 9126). One that was pushed and then
 * lost does no harm: each try draws its own state and verifier, and the server forgets the request by itself.
 */
@Component
class PushRequest extends Effect<AuthorizationJob> {

    private final AuthorizationTable authorizations;
    private final ConsentRequests requests;
    private final AskedScope askedScope;
    private final OutboundClient client;
    private final ClientKeys keys;
    private final RedirectUri redirectUri;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;
    private final RetireClient retireClient;

    PushRequest(
            AuthorizationTable authorizations,
            ConsentRequests requests,
            AskedScope askedScope,
            OutboundClient client,
            ClientKeys keys,
            RedirectUri redirectUri,
            OneTransaction oneTransaction,
            CommandGateway commands,
            RetireClient retireClient) {
        super("oauth.push-request", AuthorizationJob.class, 5, Duration.ofSeconds(1));
        this.authorizations = authorizations;
        this.requests = requests;
        this.askedScope = askedScope;
        this.client = client;
        this.keys = keys;
        this.redirectUri = redirectUri;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
        this.retireClient = retireClient;
    }

    @Override
    protected UUID attempt(AuthorizationJob job) {
        return job.authorizationId().value();
    }

    @Override
    protected void perform(AuthorizationJob job) {
        AuthorizationRow row = authorizations.find(job.authorizationId()).orElse(null);
        if (row == null || row.stage() != Stage.CONSENT || row.consent() != null) {
            return;
        }
        try {
            push(row, AuthorizationRequest.newState(), AuthorizationRequest.newCodeVerifier());
        } catch (Refused e) {
            fail(job, e.failure());
        } catch (Untrusted e) {
            fail(job, e.failure());
        }
    }

    private void push(AuthorizationRow row, Secret state, Secret codeVerifier) {
        PushedAuthorizationRequest endpoint = row.pushEndpoint(keys);
        AuthorizationRequest request = row.authorizationRequest(redirectUri.value(), askedScope.of(row));
        Answer answer = endpoint.read(
                client.send(endpoint.request(request, state, codeVerifier)), List.of(state, codeVerifier));
        if (answer instanceof Accepted accepted) {
            oneTransaction.run(() -> requests.record(row, state, codeVerifier, accepted));
        } else if (answer instanceof NotAccepted refused) {
            refused(row, refused.denied());
        }
    }

    private void refused(AuthorizationRow row, Denied denied) {
        if (!RefreshDenial.namesOurClient(denied)) {
            fail(
                    new AuthorizationJob(row.id()),
                    new Failure(
                            FailureCode.PUSHED_REQUEST_REFUSED,
                            "The authorization server refused the pushed authorization request: " + denied.words()
                                    + ". Correct client, scope or resource under Advanced, then connect again."));
            return;
        }
        String said = "The authorization server does not accept our client: " + denied.words() + ".";
        oneTransaction.run(() -> {
            fail(new AuthorizationJob(row.id()), RetireClient.refused(row.obtained(), said));
            retireClient.retire(row.obtained(), said);
        });
    }

    @Override
    protected void giveUp(AuthorizationJob job, RuntimeException cause) {
        fail(
                job,
                new Failure(
                        FailureCode.PUSHED_REQUEST_REFUSED,
                        cause instanceof Unreachable
                                ? cause.getMessage() + " Tried five times to push the authorization request; connect"
                                        + " again later."
                                : "Something broke in Claviger while it pushed the authorization request; its log says"
                                        + " what."));
    }

    private void fail(AuthorizationJob job, Failure failure) {
        commands.sendAndWait(new RecordFailure(job.authorizationId(), AuthorizationStep.CONSENT, failure));
    }
}
