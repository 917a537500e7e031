package dev.claviger.oauth;

import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.outbound.ExchangeScope;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.AuthorizationOutcome.RecordFailure;
import dev.claviger.oauth.AuthorizationOutcome.RecordGrant;
import dev.claviger.oauth.AuthorizationOutcome.RecordProviderRevocation;
import dev.claviger.oauth.api.AuthorizationStep;
import dev.claviger.oauth.protocol.TokenAnswer;
import dev.claviger.oauth.protocol.TokenAnswer.Denied;
import dev.claviger.oauth.protocol.TokenAnswer.Tokens;
import dev.claviger.oauth.protocol.TokenAnswer.Unintelligible;
import dev.claviger.oauth.protocol.TokenEndpoint;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Redeems an authorization code: one token request, never repeated, and the sealed tokens recorded in one transaction with
 * the credential they make.
 */
@Component
class RedeemCode {

    private static final Logger log = LoggerFactory.getLogger(RedeemCode.class);

    private final OutboundClient client;
    private final Vault vault;
    private final ClientKeys keys;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;
    private final RetireClient retireClient;
    private final DropTokens dropTokens;
    private final Clock clock;

    RedeemCode(
            OutboundClient client,
            Vault vault,
            ClientKeys keys,
            OneTransaction oneTransaction,
            CommandGateway commands,
            RetireClient retireClient,
            DropTokens dropTokens,
            Clock clock) {
        this.client = client;
        this.vault = vault;
        this.keys = keys;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
        this.retireClient = retireClient;
        this.dropTokens = dropTokens;
        this.clock = clock;
    }

    /** Records how it went. The response has been received and consumed; no transaction is open. */
    @SuppressWarnings("try")
    void redeem(AuthorizationRow row, Secret code) {
        try (ExchangeScope scope = ExchangeScope.of(row.id().value())) {
            TokenAnswer answer = ask(row, code);
            if (answer instanceof Tokens tokens) {
                grantOrDrop(row, tokens);
            } else if (answer instanceof Denied denied) {
                refused(row, denied);
            } else if (answer instanceof Unintelligible nonsense) {
                fail(
                        row,
                        FailureCode.TOKEN_RESPONSE_MALFORMED,
                        nonsense.why() + ", so there is no token to use; tell the server's operator.");
            }
        } catch (Untrusted e) {
            record(row, e.failure());
        } catch (Unreachable e) {
            if (e.answerMayBeLost()) {
                record(row, WatchExchange.INTERRUPTED);
            } else {
                fail(row, FailureCode.TOKEN_ENDPOINT_UNREACHABLE, e.getMessage() + " Connect again later.");
            }
        } catch (RuntimeException e) {
            record(row, WatchExchange.INTERRUPTED);
            throw e;
        }
    }

    private TokenAnswer ask(AuthorizationRow row, Secret code) {
        TokenEndpoint endpoint = row.tokenEndpoint(keys);
        Secret verifier = vault.open(SecretPurpose.CODE_VERIFIER, row.asked().codeVerifier());
        OutboundResponse response =
                client.send(endpoint.codeExchange(code, URI.create(row.asked().redirectUri()), verifier));
        return endpoint.read(response, List.of(code, verifier));
    }

    private void grantOrDrop(AuthorizationRow row, Tokens tokens) {
        try {
            grant(row, tokens);
        } catch (AbandonedMeanwhile e) {
            String answer = dropTokens.drop(row, tokens.accessToken(), tokens.refreshToken());
            log.info("{} was abandoned while its code was redeemed; the tokens are dropped. {}", row.id(), answer);
            commands.sendAndWait(new RecordProviderRevocation(row.id(), answer));
        }
    }

    private void grant(AuthorizationRow row, Tokens tokens) {
        Instant expiresAt = tokens.expiresIn() == null ? null : clock.instant().plus(tokens.expiresIn());
        String scope = tokens.scope() != null ? tokens.scope() : row.asked().scope();
        // The code is spent, so a database that blinks must not cost us the tokens.
        oneTransaction.runWithPatience(() -> {
            commands.sendAndWait(new IssueToken(
                    new CredentialId(row.id().value()),
                    CredentialKind.OAUTH,
                    vault.seal(SecretPurpose.ACCESS_TOKEN, tokens.accessToken()),
                    tokens.refreshToken() == null
                            ? null
                            : vault.seal(SecretPurpose.REFRESH_TOKEN, tokens.refreshToken()),
                    null,
                    expiresAt,
                    scope,
                    row.discovered().issuer()));
            boolean accepted = commands.<Boolean>sendAndWait(
                    new RecordGrant(row.id(), tokens.scope(), tokens.refreshToken() != null, expiresAt));
            if (!accepted) {
                throw new AbandonedMeanwhile();
            }
        });
    }

    private void refused(AuthorizationRow row, Denied denied) {
        if (!RefreshDenial.namesOurClient(denied)) {
            fail(
                    row,
                    FailureCode.CODE_REFUSED,
                    "The token endpoint refused the code: " + denied.words() + "; connect again.");
            return;
        }
        String said = "The token endpoint does not accept our client: " + denied.words() + ".";
        oneTransaction.run(() -> {
            fail(
                    row,
                    FailureCode.CLIENT_REFUSED,
                    said
                            + (RetireClient.canRegisterAgain(row.obtained())
                                    ? " Connect again: Claviger registers a new one."
                                    : " Correct the client under Advanced, then connect again."));
            retireClient.retire(row.obtained(), said);
        });
    }

    private void fail(AuthorizationRow row, FailureCode code, String detail) {
        record(row, new Failure(code, detail));
    }

    private void record(AuthorizationRow row, Failure failure) {
        commands.sendAndWait(new RecordFailure(row.id(), AuthorizationStep.CODE_EXCHANGE, failure));
    }

    /** Rolls everything back: nobody wants the tokens any more. */
    private static final class AbandonedMeanwhile extends RuntimeException {
        AbandonedMeanwhile() {
            super("The authorization ended while its code was redeemed", null, false, false);
        }
    }
}
