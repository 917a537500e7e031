package dev.claviger.oauth;

import dev.claviger.credentials.api.RevocationStep;
import dev.claviger.credentials.api.RevocationStep.Kind;
import dev.claviger.credentials.api.RevocationStep.Outcome;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.credentials.vault.SecretUnreadable;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.LateTokenTable.LateToken;
import dev.claviger.oauth.protocol.TokenRevocation;
import dev.claviger.oauth.protocol.TokenRevocation.Answer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes each call of a revocation at a provider, once, and says what came of it. */
@Component
class ProviderSteps {

    /** One token that a provider is to be told of. */
    record Telling(Kind kind, SecretRef token) {}

    private static final String BY_HAND = " Revoke Claviger's access at the provider by hand.";

    private final AuthorizationTable authorizations;
    private final LateTokenTable lateTokens;
    private final OutboundClient client;
    private final Vault vault;
    private final ClientKeys keys;
    private final Clock clock;

    ProviderSteps(
            AuthorizationTable authorizations,
            LateTokenTable lateTokens,
            OutboundClient client,
            Vault vault,
            ClientKeys keys,
            Clock clock) {
        this.authorizations = authorizations;
        this.lateTokens = lateTokens;
        this.client = client;
        this.vault = vault;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * The tokens that the provider is still to be told of. The refresh tokens first: with one most providers drop the whole
     * grant (RFC 7009 section 2.1).
     */
    List<Telling> of(AuthorizationRow row) {
        if (row.client() == null) {
            return List.of();
        }
        Map<Kind, Outcome> known = authorizations.revocation(row.id());
        List<LateToken> late = lateTokens.of(row.id());
        return Stream.of(Kind.LATE_REFRESH_TOKEN, Kind.REFRESH_TOKEN, Kind.LATE_ACCESS_TOKEN, Kind.ACCESS_TOKEN)
                .flatMap(kind -> kind.isLate() ? untold(late, kind) : untold(row, kind, known))
                .toList();
    }

    private static Stream<Telling> untold(List<LateToken> late, Kind kind) {
        return late.stream()
                .filter(token -> token.kind() == kind && !token.isTold())
                .map(token -> new Telling(kind, token.token()));
    }

    private Stream<Telling> untold(AuthorizationRow row, Kind kind, Map<Kind, Outcome> known) {
        Outcome outcome = known.get(kind);
        return outcome != null && outcome.isFinal()
                ? Stream.empty()
                : authorizations.token(row.id(), kind).map(token -> new Telling(kind, token)).stream();
    }

    /** @param nextTry when it is tried again where nobody answers; null: not any more */
    RevocationStep perform(AuthorizationRow row, Telling telling, @Nullable Instant nextTry) {
        Kind kind = telling.kind();
        try {
            return revoke(row, kind, telling.token());
        } catch (SecretUnreadable e) {
            return step(
                    kind,
                    Outcome.GIVEN_UP,
                    "A sealed secret that is needed for it cannot be opened any more." + BY_HAND);
        } catch (Untrusted e) {
            return step(kind, Outcome.GIVEN_UP, "It was not asked. " + e.getMessage() + "." + BY_HAND);
        } catch (Unreachable e) {
            return nextTry == null
                    ? step(kind, Outcome.GIVEN_UP, "It did not answer to the last. " + e.getMessage() + BY_HAND)
                    : new RevocationStep(
                            kind, Outcome.WAITING, String.valueOf(e.getMessage()), clock.instant(), later(nextTry, e));
        }
    }

    RevocationStep broken(Kind kind) {
        return step(kind, Outcome.GIVEN_UP, "Something broke in Claviger; its log says what." + BY_HAND);
    }

    private Instant later(Instant nextTry, Unreachable e) {
        Duration wanted = e.retryAfter();
        Instant asked = wanted == null ? nextTry : clock.instant().plus(wanted);
        return asked.isAfter(nextTry) ? asked : nextTry;
    }

    private RevocationStep revoke(AuthorizationRow row, Kind kind, SecretRef sealed) {
        Optional<TokenRevocation> endpoint = row.revocation(keys);
        if (endpoint.isEmpty()) {
            return step(
                    kind,
                    Outcome.NOT_SUPPORTED,
                    "The provider publishes no revocation endpoint (RFC 7009), so it cannot be told; the token dies when"
                            + " it expires." + BY_HAND);
        }
        boolean refresh = kind == Kind.REFRESH_TOKEN || kind == Kind.LATE_REFRESH_TOKEN;
        Secret token = vault.open(refresh ? SecretPurpose.REFRESH_TOKEN : SecretPurpose.ACCESS_TOKEN, sealed);
        Answer answer = endpoint.get()
                .answer(
                        client.send(
                                refresh
                                        ? endpoint.get().ofRefreshToken(token)
                                        : endpoint.get().ofAccessToken(token)),
                        token);
        if (answer.done()) {
            return step(kind, Outcome.DONE, "The provider agreed: " + answer.words() + ".");
        }
        return answer.supported()
                ? step(kind, Outcome.REFUSED, "The provider refused: " + answer.words() + "." + BY_HAND)
                : step(
                        kind,
                        Outcome.NOT_SUPPORTED,
                        "The provider does not revoke tokens of this kind: " + answer.words()
                                + "; it dies when it expires, or with the other one.");
    }

    private RevocationStep step(Kind kind, Outcome outcome, String detail) {
        return new RevocationStep(kind, outcome, detail, clock.instant(), null);
    }
}
