package dev.claviger.connectors;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.RevocationStep.Kind;
import dev.claviger.credentials.outbound.Effects;
import dev.claviger.oauth.api.AuthorizationEvent.ProviderRevocationTried;
import dev.claviger.oauth.api.AuthorizationEvent.RevocationAttempted;
import dev.claviger.toolsync.api.ToolCatalogEvent.RevokedProbed;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

/** Has the end of a credential followed after each step that another may wait for. */
@Component
@ProcessingGroup("connectors-jobs")
class ReceiptJobs {

    private final Effects effects;
    private final FollowRevocation followRevocation;

    ReceiptJobs(Effects effects, FollowRevocation followRevocation) {
        this.effects = effects;
        this.followRevocation = followRevocation;
    }

    @EventHandler
    void on(ProviderRevocationTried event) {
        follow(new CredentialId(event.authorizationId().value()), "provider");
    }

    @EventHandler
    void on(RevocationAttempted event) {
        Kind kind = event.step().kind();
        boolean late = kind == Kind.LATE_ACCESS_TOKEN || kind == Kind.LATE_REFRESH_TOKEN;
        if (late && event.step().outcome().isFinal()) {
            follow(
                    new CredentialId(event.authorizationId().value()),
                    kind.name() + " " + event.step().at());
        }
    }

    @EventHandler
    void on(RevokedProbed event) {
        follow(event.credentialId(), event.probeId().toString());
    }

    /** An instance of its own for each cause: one that is running now may have looked too early. */
    private void follow(CredentialId id, String cause) {
        effects.now(followRevocation, id + " after " + cause, new FollowRevocation.Data(id));
    }
}
