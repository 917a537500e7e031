package dev.claviger.oauth;

import dev.claviger.credentials.api.CredentialEvent.LateTokensSealed;
import dev.claviger.credentials.api.CredentialEvent.TokenRevoked;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.RevocationStep;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.Effects;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationResponseReceived;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationStarted;
import dev.claviger.oauth.api.AuthorizationEvent.ClientObtained;
import dev.claviger.oauth.api.AuthorizationEvent.ConsentRequested;
import dev.claviger.oauth.api.AuthorizationEvent.EnteredClientHeld;
import dev.claviger.oauth.api.AuthorizationEvent.IssuerApproved;
import dev.claviger.oauth.api.AuthorizationEvent.IssuerChangeFound;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.api.AuthorizationEvent.RevocationAttempted;
import dev.claviger.oauth.api.AuthorizationEvent.UserinfoWanted;
import dev.claviger.oauth.api.AuthorizationId;
import java.time.Duration;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.springframework.stereotype.Component;

/** Schedules, with each event, the effect that it calls for. */
@Component
@ProcessingGroup("oauth-jobs")
class AuthorizationJobs {

    /** Longer than a code exchange can take. */
    private static final Duration EXCHANGE_LIMIT = Duration.ofSeconds(90);

    private final AuthorizationTable authorizations;
    private final Effects effects;
    private final DiscoverServer discoverServer;
    private final ObtainClient obtainClient;
    private final RequestToken requestToken;
    private final ExpireApproval expireApproval;
    private final ExpireConsent expireConsent;
    private final WatchExchange watchExchange;
    private final RevokeAtProvider revokeAtProvider;
    private final AskUserinfo askUserinfo;

    AuthorizationJobs(
            AuthorizationTable authorizations,
            Effects effects,
            DiscoverServer discoverServer,
            ObtainClient obtainClient,
            RequestToken requestToken,
            ExpireApproval expireApproval,
            ExpireConsent expireConsent,
            WatchExchange watchExchange,
            RevokeAtProvider revokeAtProvider,
            AskUserinfo askUserinfo) {
        this.authorizations = authorizations;
        this.effects = effects;
        this.discoverServer = discoverServer;
        this.obtainClient = obtainClient;
        this.requestToken = requestToken;
        this.expireApproval = expireApproval;
        this.expireConsent = expireConsent;
        this.watchExchange = watchExchange;
        this.revokeAtProvider = revokeAtProvider;
        this.askUserinfo = askUserinfo;
    }

    @EventHandler
    void on(AuthorizationStarted event) {
        now(discoverServer, event.authorizationId());
    }

    @EventHandler
    void on(MetadataDiscovered event) {
        now(obtainClient, event.authorizationId());
    }

    @EventHandler
    void on(ClientObtained event) {
        boolean withoutPerson = authorizations
                .find(event.authorizationId())
                .filter(row -> Stage.withClient(row.started().settings().grant()) == Stage.TOKEN_REQUEST)
                .isPresent();
        if (withoutPerson) {
            now(requestToken, event.authorizationId());
        }
    }

    @EventHandler
    void on(IssuerChangeFound event, @Timestamp Instant at) {
        at(at.plus(ExpireApproval.VALIDITY), expireApproval, event.authorizationId());
    }

    @EventHandler
    void on(EnteredClientHeld event, @Timestamp Instant at) {
        at(at.plus(ExpireApproval.VALIDITY), expireApproval, event.authorizationId());
    }

    /** Not the job that the metadata called for: it may be on its way still, with nothing to do. */
    @EventHandler
    void on(IssuerApproved event) {
        effects.now(obtainClient, event.authorizationId() + " approved", new AuthorizationJob(event.authorizationId()));
    }

    @EventHandler
    void on(ConsentRequested event) {
        at(event.expiresAt(), expireConsent, event.authorizationId());
    }

    @EventHandler
    void on(AuthorizationResponseReceived event, @Timestamp Instant at) {
        at(at.plus(EXCHANGE_LIMIT), watchExchange, event.authorizationId());
    }

    @EventHandler
    void on(UserinfoWanted event) {
        effects.now(
                askUserinfo,
                event.authorizationId().toString(),
                new AskUserinfo.Data(event.authorizationId(), event.told()));
    }

    @EventHandler
    void on(TokenRevoked event) {
        if (event.kind() == CredentialKind.OAUTH) {
            now(revokeAtProvider, new AuthorizationId(event.credentialId().value()));
        }
    }

    /** An instance of its own for each: one that is running now, for the revocation or for others, has looked already. */
    @EventHandler
    void on(LateTokensSealed event) {
        AuthorizationId id = new AuthorizationId(event.credentialId().value());
        effects.now(revokeAtProvider, id + " late " + event.accessToken().id(), new AuthorizationJob(id));
    }

    @EventHandler
    void on(RevocationAttempted event) {
        Instant next = event.step().nextTry();
        if (next != null && event.step().kind() != RevocationStep.Kind.CLIENT) {
            effects.at(
                    next,
                    revokeAtProvider,
                    event.authorizationId() + " again at " + next,
                    new AuthorizationJob(event.authorizationId()));
        }
    }

    private void now(Effect<AuthorizationJob> effect, AuthorizationId id) {
        effects.now(effect, id.toString(), new AuthorizationJob(id));
    }

    private void at(Instant time, Effect<AuthorizationJob> effect, AuthorizationId id) {
        effects.at(time, effect, id.toString(), new AuthorizationJob(id));
    }
}
