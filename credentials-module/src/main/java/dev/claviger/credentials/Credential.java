package dev.claviger.credentials;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.claviger.credentials.CredentialOutcome.GiveUpRefresh;
import dev.claviger.credentials.CredentialOutcome.RecordLateTokens;
import dev.claviger.credentials.CredentialOutcome.RecordRefresh;
import dev.claviger.credentials.CredentialOutcome.RecordRefreshFailed;
import dev.claviger.credentials.CredentialOutcome.RecordRefreshInDoubt;
import dev.claviger.credentials.CredentialOutcome.RecordRefreshRejected;
import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialCommand.RevokeToken;
import dev.claviger.credentials.api.CredentialCommand.SetIdleLimit;
import dev.claviger.credentials.api.CredentialCommand.ShredSecrets;
import dev.claviger.credentials.api.CredentialEvent.IdleLimitSet;
import dev.claviger.credentials.api.CredentialEvent.LateTokensSealed;
import dev.claviger.credentials.api.CredentialEvent.RefreshFailed;
import dev.claviger.credentials.api.CredentialEvent.RefreshGivenUp;
import dev.claviger.credentials.api.CredentialEvent.RefreshInDoubt;
import dev.claviger.credentials.api.CredentialEvent.RefreshRejected;
import dev.claviger.credentials.api.CredentialEvent.SecretsShredded;
import dev.claviger.credentials.api.CredentialEvent.TokenIssued;
import dev.claviger.credentials.api.CredentialEvent.TokenRefreshed;
import dev.claviger.credentials.api.CredentialEvent.TokenRevoked;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialRejected;
import dev.claviger.credentials.api.CredentialState;
import dev.claviger.credentials.api.RefreshFailure;
import dev.claviger.credentials.api.SecretRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * One grant or static token from issue to destruction. A refresh counts only for the generation it refreshed: whoever
 * comes second changes nothing.
 */
@Aggregate(cache = "aggregateCache", snapshotTriggerDefinition = "snapshotTrigger")
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
class Credential {

    private static final int DOUBTS_TOLD_ONE_BY_ONE = 2;
    private static final Duration BETWEEN_LATER_DOUBTS = Duration.ofHours(1);

    @AggregateIdentifier
    private @Nullable CredentialId credentialId;

    private @Nullable CredentialKind kind;
    private @Nullable CredentialState state;
    private long generation;
    private @Nullable SecretRef accessToken;
    private @Nullable SecretRef refreshToken;
    private @Nullable RefreshFailure failing;
    private long generationInDoubt;
    private int doubts;
    private @Nullable Instant inDoubtSince;
    private boolean renewedByGrant;
    private @Nullable Integer idleDays;
    private boolean shredded;
    /** What came after the revocation and is not shredded yet. */
    private List<SecretRef> late = new ArrayList<>();

    Credential() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(IssueToken command, Clock clock) {
        if (state != null) {
            return;
        }
        if (command.kind() == CredentialKind.API_KEY_HEADER
                && (command.headerName() == null || command.headerName().isBlank())) {
            throw new CredentialRejected("An API key needs the name of the header that carries it");
        }
        if (command.kind() != CredentialKind.OAUTH && command.refreshToken() != null) {
            throw new CredentialRejected("Only a token from an authorization server can have a refresh token");
        }
        boolean byGrant = Boolean.TRUE.equals(command.renewedByGrant());
        if (byGrant && (command.kind() != CredentialKind.OAUTH || command.refreshToken() != null)) {
            throw new CredentialRejected(
                    "Only a token from an authorization server can be renewed by its grant, and then without a refresh"
                            + " token");
        }
        apply(new TokenIssued(
                command.credentialId(),
                command.kind(),
                command.accessToken(),
                command.refreshToken(),
                command.headerName(),
                clock.instant(),
                command.expiresAt(),
                command.scope(),
                command.issuer(),
                byGrant ? Boolean.TRUE : null,
                command.refreshTokenExpiresAt()));
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(SetIdleLimit command) {
        requireKnown();
        Integer days = command.days();
        if (days != null && days < 1) {
            throw new CredentialRejected("A refresh token lives unused for at least one day");
        }
        if (state != CredentialState.REVOKED && refreshToken != null && !Objects.equals(idleDays, days)) {
            apply(new IdleLimitSet(command.credentialId(), days));
        }
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(RevokeToken command) {
        CredentialKind known = requireKnown();
        if (state != CredentialState.REVOKED) {
            apply(new TokenRevoked(command.credentialId(), known, command.reason()));
        }
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(ShredSecrets command) {
        requireKnown();
        if (state != CredentialState.REVOKED) {
            throw new CredentialRejected("Revoke the credential before its secrets are destroyed");
        }
        List<String> fingerprints = Stream.concat(
                        shredded ? Stream.empty() : Stream.of(accessToken, refreshToken), late.stream())
                .filter(Objects::nonNull)
                .map(SecretRef::fingerprint)
                .toList();
        if (!fingerprints.isEmpty()) {
            apply(new SecretsShredded(command.credentialId(), fingerprints, command.provider()));
        }
    }

    @CommandHandler
    void handle(RecordLateTokens command) {
        if (state != CredentialState.REVOKED) {
            throw new CredentialRejected("Only of a revoked credential can tokens come too late");
        }
        if (!late.contains(command.accessToken())) {
            apply(new LateTokensSealed(command.credentialId(), command.accessToken(), command.refreshToken()));
        }
    }

    /**
     * Refuses instead of ignoring what is too late, so that the tokens sealed in the same transaction go with it. Of two
     * that refreshed the same token set the one who got tokens is right, even when the other's rejection came first.
     */
    @CommandHandler
    void handle(RecordRefresh command, Clock clock) {
        if (state == CredentialState.REVOKED) {
            throw new CredentialRejected("The credential was revoked while it was refreshed");
        }
        if (generation != command.generation()) {
            throw new CredentialRejected("The credential was refreshed by another meanwhile");
        }
        boolean rotated = command.refreshToken() != null;
        SecretRef inForce = rotated ? command.refreshToken() : refreshToken;
        if (inForce == null && !renewedByGrant) {
            throw new CredentialRejected("The credential has no refresh token");
        }
        apply(new TokenRefreshed(
                command.credentialId(),
                generation + 1,
                command.accessToken(),
                inForce,
                rotated,
                clock.instant(),
                command.expiresAt(),
                command.scope(),
                command.refreshTokenExpiresAt()));
    }

    @CommandHandler
    void handle(RecordRefreshRejected command) {
        if (isAbout(command.generation())) {
            apply(new RefreshRejected(
                    command.credentialId(),
                    generation,
                    command.error(),
                    command.description(),
                    command.answerLost() ? Boolean.TRUE : null));
        }
    }

    @CommandHandler
    void handle(GiveUpRefresh command) {
        if (isAbout(command.generation())) {
            apply(new RefreshGivenUp(
                    command.credentialId(),
                    generation,
                    command.failure(),
                    command.detail(),
                    command.failingSince(),
                    command.attempts()));
        }
    }

    @CommandHandler
    void handle(RecordRefreshFailed command) {
        if (isAbout(command.generation()) && failing != command.failure()) {
            apply(new RefreshFailed(
                    command.credentialId(), generation, command.failure(), command.detail(), command.givenUpAt()));
        }
    }

    @CommandHandler
    void handle(RecordRefreshInDoubt command) {
        if (isAbout(command.generation()) && !renewedByGrant && isWorthRecording(command.since())) {
            apply(new RefreshInDoubt(command.credentialId(), generation, command.since()));
        }
    }

    /** The first ones one by one; of an outage that goes on, one an hour. */
    private boolean isWorthRecording(Instant since) {
        if (generationInDoubt != generation || inDoubtSince == null) {
            return generationInDoubt != generation;
        }
        return doubts < DOUBTS_TOLD_ONE_BY_ONE
                ? since.isAfter(inDoubtSince)
                : !since.isBefore(inDoubtSince.plus(BETWEEN_LATER_DOUBTS));
    }

    private boolean isAbout(long refreshed) {
        return state == CredentialState.ACTIVE && generation == refreshed;
    }

    private CredentialKind requireKnown() {
        if (kind == null) {
            throw new CredentialRejected("There is no such credential");
        }
        return kind;
    }

    @EventSourcingHandler
    void on(TokenIssued event) {
        credentialId = event.credentialId();
        kind = event.kind();
        state = CredentialState.ACTIVE;
        generation = 1;
        accessToken = event.accessToken();
        refreshToken = event.refreshToken();
        renewedByGrant = Boolean.TRUE.equals(event.renewedByGrant());
    }

    @EventSourcingHandler
    void on(TokenRefreshed event) {
        state = CredentialState.ACTIVE;
        generation = event.generation();
        accessToken = event.accessToken();
        refreshToken = event.refreshToken();
        failing = null;
    }

    @EventSourcingHandler
    void on(IdleLimitSet event) {
        idleDays = event.days();
    }

    @EventSourcingHandler
    void on(RefreshRejected event) {
        state = CredentialState.NEEDS_CONSENT;
    }

    @EventSourcingHandler
    void on(RefreshGivenUp event) {
        state = CredentialState.NEEDS_CONSENT;
    }

    @EventSourcingHandler
    void on(RefreshFailed event) {
        failing = event.failure();
    }

    @EventSourcingHandler
    void on(RefreshInDoubt event) {
        doubts = generationInDoubt == event.generation() ? doubts + 1 : 1;
        inDoubtSince = event.since();
        generationInDoubt = event.generation();
    }

    @EventSourcingHandler
    void on(TokenRevoked event) {
        state = CredentialState.REVOKED;
    }

    @EventSourcingHandler
    void on(SecretsShredded event) {
        shredded = true;
        late.clear();
    }

    @EventSourcingHandler
    void on(LateTokensSealed event) {
        late.add(event.accessToken());
        if (event.refreshToken() != null) {
            late.add(event.refreshToken());
        }
    }
}
