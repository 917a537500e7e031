package dev.claviger.oauth;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Freezes;
import dev.claviger.credentials.api.MasterKeyUnavailable;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.credentials.vault.SecretUnreadable;
import dev.claviger.oauth.AskForGrant.Answer;
import dev.claviger.oauth.AskForGrant.Answer.Given;
import dev.claviger.oauth.AskForGrant.Answer.NotGiven;
import dev.claviger.oauth.AuthorizationOutcome.RecordFailure;
import dev.claviger.oauth.api.AuthorizationStep;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.stereotype.Component;

/** Has a token given without a person; harmless to repeat. */
@Component
class RequestToken extends Effect<AuthorizationJob> {

    private static final int ATTEMPTS = 5;

    private final AuthorizationTable authorizations;
    private final AskForGrant askForGrant;
    private final AskedScope askedScope;
    private final KeepTokens keepTokens;
    private final RetireClient retireClient;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;
    private final Freezes freezes;

    RequestToken(
            AuthorizationTable authorizations,
            AskForGrant askForGrant,
            AskedScope askedScope,
            KeepTokens keepTokens,
            RetireClient retireClient,
            OneTransaction oneTransaction,
            CommandGateway commands,
            Freezes freezes) {
        super("oauth.request-token", AuthorizationJob.class, ATTEMPTS, Duration.ofSeconds(1));
        this.authorizations = authorizations;
        this.askForGrant = askForGrant;
        this.askedScope = askedScope;
        this.keepTokens = keepTokens;
        this.retireClient = retireClient;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
        this.freezes = freezes;
    }

    @Override
    protected UUID attempt(AuthorizationJob job) {
        return job.authorizationId().value();
    }

    @Override
    protected void perform(AuthorizationJob job) {
        AuthorizationRow row = authorizations.find(job.authorizationId()).orElse(null);
        if (row == null || row.stage() != Stage.TOKEN_REQUEST) {
            return;
        }
        Optional<String> frozen = freezes.reason(
                new CredentialId(row.id().value()), row.discovered().boundIssuer());
        if (frozen.isPresent()) {
            fail(job, FrozenFailure.of(frozen.get()));
            return;
        }
        try {
            keepTokens.checkReady();
            Answer answer = askForGrant.ask(row);
            if (answer instanceof Given given) {
                keepTokens.keepOrDrop(row, given.tokens(), askedScope.of(row), true);
            } else {
                refused(row, (NotGiven) answer);
            }
        } catch (Untrusted e) {
            fail(job, e.failure());
        } catch (MasterKeyUnavailable e) {
            fail(job, e.failure());
        } catch (SecretUnreadable e) {
            fail(
                    job,
                    new Failure(
                            FailureCode.GRANT_REFUSED,
                            "A secret that is needed to ask for a token cannot be opened any more; enter it again under"
                                    + " Advanced and connect."));
        }
    }

    private void refused(AuthorizationRow row, NotGiven answer) {
        oneTransaction.run(() -> {
            fail(new AuthorizationJob(row.id()), answer.failure());
            if (answer.ofOurClient()) {
                retireClient.retire(row.obtained(), answer.failure().detail());
            }
        });
    }

    @Override
    protected void giveUp(AuthorizationJob job, RuntimeException cause) {
        fail(
                job,
                new Failure(
                        FailureCode.TOKEN_ENDPOINT_UNREACHABLE,
                        cause instanceof Unreachable
                                ? cause.getMessage() + " Tried five times to get a token; connect again later."
                                : "Something broke in Claviger while it asked for a token; its log says what."));
    }

    private void fail(AuthorizationJob job, Failure failure) {
        commands.sendAndWait(new RecordFailure(job.authorizationId(), AuthorizationStep.TOKEN_REQUEST, failure));
    }
}
