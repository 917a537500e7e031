package dev.claviger.oauth;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Freezes;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.oauth.AuthorizationOutcome.ReceiveAuthorizationResponse;
import dev.claviger.oauth.AuthorizationOutcome.RecordFailure;
import dev.claviger.oauth.ResponseCheck.Verdict;
import dev.claviger.oauth.api.AuthorizationStep;
import dev.claviger.oauth.protocol.AuthorizationResponse;
import java.time.Clock;
import java.util.Optional;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/** Receives an authorization response: judges it, consumes the request that it answers, and has the code redeemed. */
@Component
class ReceiveResponse {

    /**
     * @param returnTo where to send the browser; null where the response was not to be heard
     * @param ignored why it was not
     */
    record Reception(@Nullable String returnTo, @Nullable FailureCode ignored) {}

    private final AuthorizationTable authorizations;
    private final RedeemCode redeemCode;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;
    private final RetireClient retireClient;
    private final Freezes freezes;
    private final Clock clock;

    ReceiveResponse(
            AuthorizationTable authorizations,
            RedeemCode redeemCode,
            OneTransaction oneTransaction,
            CommandGateway commands,
            RetireClient retireClient,
            Freezes freezes,
            Clock clock) {
        this.authorizations = authorizations;
        this.redeemCode = redeemCode;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
        this.retireClient = retireClient;
        this.freezes = freezes;
        this.clock = clock;
    }

    /** @param boundTo of the one who brings it */
    Reception receive(AuthorizationResponse response, String boundTo) {
        Optional<AuthorizationRow> row = response.state() == null
                ? Optional.empty()
                : authorizations.findByState(StateHash.of(response.state()));
        Verdict verdict = ResponseCheck.judge(response, row, boundTo, clock.instant());
        if (verdict instanceof Verdict.Ignore ignore) {
            return new Reception(null, ignore.code());
        }
        AuthorizationRow asked = row.orElseThrow();
        try (MDC.MDCCloseable correlation =
                MDC.putCloseable("correlation", asked.id().toString())) {
            if (verdict instanceof Verdict.Fail fail) {
                fail(asked, fail.failure());
            } else if (verdict instanceof Verdict.Redeem redeem) {
                Failure frozen = frozen(asked);
                if (frozen != null) {
                    fail(asked, frozen);
                    return new Reception(asked.started().returnTo(), null);
                }
                boolean first = commands.<Boolean>sendAndWait(new ReceiveAuthorizationResponse(
                        asked.id(), asked.asked().stateHash()));
                if (!first) {
                    return new Reception(null, FailureCode.STATE_REPLAYED);
                }
                redeemCode.redeem(asked, redeem.code());
            }
            return new Reception(asked.started().returnTo(), null);
        }
    }

    /** What is frozen gets no token: the code is left to run out, and the next consent brings another. */
    private @Nullable Failure frozen(AuthorizationRow asked) {
        return freezes.reason(
                        new CredentialId(asked.id().value()), asked.discovered().boundIssuer())
                .map(FrozenFailure::of)
                .orElse(null);
    }

    /** A server that says here that our client may not ask has forgotten it, or changed its mind about it. */
    private void fail(AuthorizationRow asked, Failure failure) {
        oneTransaction.run(() -> {
            boolean first =
                    commands.<Boolean>sendAndWait(new RecordFailure(asked.id(), AuthorizationStep.CONSENT, failure));
            if (first && failure.code() == FailureCode.CLIENT_REFUSED) {
                retireClient.retire(asked.obtained(), failure.detail());
            }
        });
    }
}
