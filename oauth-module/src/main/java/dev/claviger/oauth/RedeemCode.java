package dev.claviger.oauth;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.MasterKeyUnavailable;
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
import dev.claviger.oauth.api.AuthorizationStep;
import dev.claviger.oauth.protocol.TokenAnswer;
import dev.claviger.oauth.protocol.TokenAnswer.Denied;
import dev.claviger.oauth.protocol.TokenAnswer.Tokens;
import dev.claviger.oauth.protocol.TokenAnswer.Unintelligible;
import dev.claviger.oauth.protocol.TokenEndpoint;
import java.net.URI;
import java.util.List;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.stereotype.Component;

/** Redeems an authorization code: one token request, never repeated. */
@Component
class RedeemCode {

    private final OutboundClient client;
    private final Vault vault;
    private final ClientKeys keys;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;
    private final RetireClient retireClient;
    private final KeepTokens keepTokens;

    RedeemCode(
            OutboundClient client,
            Vault vault,
            ClientKeys keys,
            OneTransaction oneTransaction,
            CommandGateway commands,
            RetireClient retireClient,
            KeepTokens keepTokens) {
        this.client = client;
        this.vault = vault;
        this.keys = keys;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
        this.retireClient = retireClient;
        this.keepTokens = keepTokens;
    }

    /** Records how it went. The response has been received and consumed; no transaction is open. */
    @SuppressWarnings("try")
    void redeem(AuthorizationRow row, Secret code) {
        try (ExchangeScope scope = ExchangeScope.of(row.id().value())) {
            keepTokens.checkReady();
            TokenAnswer answer = ask(row, code);
            if (answer instanceof Tokens tokens) {
                keepTokens.keepOrDrop(row, tokens, row.asked().scope(), false);
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
        } catch (MasterKeyUnavailable e) {
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
            record(row, RetireClient.refused(row.obtained(), said));
            retireClient.retire(row.obtained(), said);
        });
    }

    private void fail(AuthorizationRow row, FailureCode code, String detail) {
        record(row, new Failure(code, detail));
    }

    private void record(AuthorizationRow row, Failure failure) {
        commands.sendAndWait(new RecordFailure(row.id(), AuthorizationStep.CODE_EXCHANGE, failure));
    }
}
