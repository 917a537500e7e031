package dev.claviger.oauth;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.claviger.credentials.api.RevocationStep;
import dev.claviger.oauth.AuthorizationOutcome.ReceiveAuthorizationResponse;
import dev.claviger.oauth.AuthorizationOutcome.RecordAccount;
import dev.claviger.oauth.AuthorizationOutcome.RecordClient;
import dev.claviger.oauth.AuthorizationOutcome.RecordConsentRequest;
import dev.claviger.oauth.AuthorizationOutcome.RecordFailure;
import dev.claviger.oauth.AuthorizationOutcome.RecordGrant;
import dev.claviger.oauth.AuthorizationOutcome.RecordMetadata;
import dev.claviger.oauth.AuthorizationOutcome.RecordProviderRevocation;
import dev.claviger.oauth.AuthorizationOutcome.RecordRevocationStep;
import dev.claviger.oauth.AuthorizationOutcome.RecordSubjectToken;
import dev.claviger.oauth.AuthorizationOutcome.WantUserinfo;
import dev.claviger.oauth.api.AuthorizationCommand.AbandonAuthorization;
import dev.claviger.oauth.api.AuthorizationCommand.ApproveIssuer;
import dev.claviger.oauth.api.AuthorizationCommand.RecordScopeChallenge;
import dev.claviger.oauth.api.AuthorizationCommand.StartAuthorization;
import dev.claviger.oauth.api.AuthorizationEvent.AccountLookedUp;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationFailed;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationGranted;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationResponseReceived;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationStarted;
import dev.claviger.oauth.api.AuthorizationEvent.ClientObtained;
import dev.claviger.oauth.api.AuthorizationEvent.ConsentRequested;
import dev.claviger.oauth.api.AuthorizationEvent.EnteredClientHeld;
import dev.claviger.oauth.api.AuthorizationEvent.IssuerApproved;
import dev.claviger.oauth.api.AuthorizationEvent.IssuerChangeFound;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.api.AuthorizationEvent.ProviderRevocationTried;
import dev.claviger.oauth.api.AuthorizationEvent.RevocationAttempted;
import dev.claviger.oauth.api.AuthorizationEvent.ScopeChallenged;
import dev.claviger.oauth.api.AuthorizationEvent.SubjectTokenRotated;
import dev.claviger.oauth.api.AuthorizationEvent.UserinfoWanted;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.AuthorizationRejected;
import dev.claviger.oauth.api.AuthorizationStep;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * One way from a server's URL to a grant: discovery, client, then consent and code exchange, or a token request without a
 * person; in this order and each once.
 */
@Aggregate(cache = "aggregateCache")
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
class Authorization {

    @AggregateIdentifier
    private @Nullable AuthorizationId authorizationId;

    private Stage stage = Stage.DISCOVERY;
    private Grant grant = Grant.AUTHORIZATION_CODE;

    private @Nullable String formerIssuer;
    /** Set while an admin is asked, and after. */
    private @Nullable String foundIssuer;

    private @Nullable String stateHash;
    private @Nullable Instant consentExpiresAt;
    private boolean revocationTried;
    private boolean lookedUp;
    /** The steps of the revocation that nobody tries any more. */
    private Set<RevocationStep.Kind> ended = EnumSet.noneOf(RevocationStep.Kind.class);

    // Not final: Jackson does not write final fields.
    private Map<String, String> challenges = new HashMap<>();

    Authorization() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(StartAuthorization command) {
        if (authorizationId != null) {
            return;
        }
        if (!command.returnTo().startsWith("/")
                || command.returnTo().startsWith("//")
                || command.returnTo().contains("\\")) {
            throw new AuthorizationRejected("The way back must be a path on our own host, beginning with one slash.");
        }
        apply(new AuthorizationStarted(
                command.authorizationId(),
                command.serverUrl(),
                command.settings(),
                command.boundTo(),
                command.returnTo(),
                command.previous(),
                command.challengedScope()));
    }

    @CommandHandler
    boolean handle(RecordMetadata outcome) {
        if (stage != Stage.DISCOVERY) {
            return false;
        }
        String issuer = outcome.metadata().boundIssuer();
        apply(outcome.metadata());
        if (outcome.former() != null && !outcome.former().equals(issuer)) {
            apply(new IssuerChangeFound(outcome.authorizationId(), outcome.former(), issuer));
        } else if (outcome.holdsClient()) {
            apply(new EnteredClientHeld(outcome.authorizationId(), issuer));
        }
        return true;
    }

    @CommandHandler
    void handle(ApproveIssuer command) {
        boolean asked = foundIssuer != null && foundIssuer.equals(command.issuer());
        if (stage == Stage.APPROVAL && asked) {
            apply(new IssuerApproved(command.authorizationId(), formerIssuer, command.issuer()));
        } else if (!asked || stage == Stage.FAILED) {
            throw new AuthorizationRejected(
                    stage == Stage.APPROVAL
                            ? "This is not the issuer that waits for approval; look again at which one does."
                            : "No issuer waits for approval here; connect again to see what the server names now.");
        }
    }

    @CommandHandler
    boolean handle(RecordClient outcome) {
        if (stage != Stage.CLIENT) {
            return false;
        }
        apply(new ClientObtained(
                outcome.authorizationId(),
                outcome.origin(),
                outcome.registration(),
                outcome.clientId(),
                outcome.clientSecret(),
                outcome.tokenEndpointAuthMethod(),
                outcome.reason()));
        return true;
    }

    @CommandHandler
    boolean handle(RecordConsentRequest outcome) {
        if (stage != Stage.CONSENT || stateHash != null) {
            return false;
        }
        apply(new ConsentRequested(
                outcome.authorizationId(),
                outcome.stateHash(),
                outcome.state(),
                outcome.codeVerifier(),
                outcome.issuer(),
                outcome.redirectUri(),
                outcome.authorizationHost(),
                outcome.scope(),
                outcome.expiresAt(),
                outcome.requestUri(),
                outcome.requestUriExpiresAt()));
        return true;
    }

    @CommandHandler
    boolean handle(ReceiveAuthorizationResponse outcome, Clock clock) {
        if (stage != Stage.CONSENT
                || !outcome.stateHash().equals(stateHash)
                || clock.instant().isAfter(Objects.requireNonNull(consentExpiresAt))) {
            return false;
        }
        apply(new AuthorizationResponseReceived(outcome.authorizationId()));
        return true;
    }

    @CommandHandler
    boolean handle(RecordGrant outcome) {
        if (stage != Stage.CODE_EXCHANGE && stage != Stage.TOKEN_REQUEST) {
            return false;
        }
        apply(new AuthorizationGranted(
                outcome.authorizationId(), outcome.scope(), outcome.refreshable(), outcome.expiresAt()));
        return true;
    }

    @CommandHandler
    boolean handle(WantUserinfo outcome) {
        if (stage != Stage.GRANTED || lookedUp) {
            return false;
        }
        apply(new UserinfoWanted(outcome.authorizationId(), outcome.told()));
        return true;
    }

    @CommandHandler
    boolean handle(RecordAccount outcome) {
        if (stage != Stage.GRANTED || lookedUp) {
            return false;
        }
        apply(new AccountLookedUp(outcome.authorizationId(), outcome.identification()));
        return true;
    }

    @CommandHandler
    boolean handle(RecordFailure outcome) {
        if (stage.step() != outcome.step()) {
            return false;
        }
        apply(new AuthorizationFailed(
                outcome.authorizationId(), outcome.step(), outcome.failure(), outcome.mismatch()));
        return true;
    }

    @CommandHandler
    void handle(AbandonAuthorization command) {
        AuthorizationStep step = stage.step();
        if (step != null) {
            apply(new AuthorizationFailed(command.authorizationId(), step, command.failure()));
        }
    }

    /** Whatever has become of this authorization: others use the token that it was given. */
    @CommandHandler
    void handle(RecordSubjectToken outcome) {
        apply(new SubjectTokenRotated(outcome.authorizationId(), outcome.entered(), outcome.inForce()));
    }

    @CommandHandler
    void handle(RecordScopeChallenge command) {
        boolean told = command.scope().equals(challenges.get(command.operation()));
        if (stage == Stage.GRANTED && !told) {
            apply(new ScopeChallenged(command.authorizationId(), command.operation(), command.scope()));
        }
    }

    /** A step that is over is not told twice, whoever tries it again; of late tokens there may be more. */
    @CommandHandler
    boolean handle(RecordRevocationStep outcome) {
        RevocationStep step = outcome.step();
        if (!isOver() || (ended.contains(step.kind()) && !step.kind().isLate())) {
            return false;
        }
        apply(new RevocationAttempted(outcome.authorizationId(), step, outcome.registration(), outcome.clientId()));
        return true;
    }

    /** A failed one too: it may have been abandoned while its tokens were on their way. */
    private boolean isOver() {
        return stage == Stage.GRANTED || stage == Stage.FAILED;
    }

    @CommandHandler
    boolean handle(RecordProviderRevocation outcome) {
        if (!isOver() || revocationTried) {
            return false;
        }
        apply(new ProviderRevocationTried(outcome.authorizationId(), outcome.answer()));
        return true;
    }

    @EventSourcingHandler
    void on(AuthorizationStarted event) {
        authorizationId = event.authorizationId();
        grant = event.settings().grant();
    }

    @EventSourcingHandler
    void on(MetadataDiscovered event) {
        stage = Stage.CLIENT;
    }

    @EventSourcingHandler
    void on(IssuerChangeFound event) {
        stage = Stage.APPROVAL;
        formerIssuer = event.former();
        foundIssuer = event.issuer();
    }

    @EventSourcingHandler
    void on(EnteredClientHeld event) {
        stage = Stage.APPROVAL;
        foundIssuer = event.issuer();
    }

    @EventSourcingHandler
    void on(IssuerApproved event) {
        stage = Stage.CLIENT;
    }

    @EventSourcingHandler
    void on(ScopeChallenged event) {
        challenges.put(event.operation(), event.scope());
    }

    @EventSourcingHandler
    void on(ClientObtained event) {
        stage = Stage.withClient(grant);
    }

    @EventSourcingHandler
    void on(ConsentRequested event) {
        stateHash = event.stateHash();
        consentExpiresAt = event.expiresAt();
    }

    @EventSourcingHandler
    void on(AuthorizationResponseReceived event) {
        stage = Stage.CODE_EXCHANGE;
    }

    @EventSourcingHandler
    void on(AuthorizationGranted event) {
        stage = Stage.GRANTED;
    }

    @EventSourcingHandler
    void on(AccountLookedUp event) {
        lookedUp = true;
    }

    @EventSourcingHandler
    void on(AuthorizationFailed event) {
        stage = Stage.FAILED;
    }

    @EventSourcingHandler
    void on(RevocationAttempted event) {
        if (event.step().outcome().isFinal()) {
            ended.add(event.step().kind());
        }
    }

    @EventSourcingHandler
    void on(ProviderRevocationTried event) {
        revocationTried = true;
    }
}
