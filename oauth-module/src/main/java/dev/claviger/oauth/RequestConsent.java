package dev.claviger.oauth;

import dev.claviger.credentials.outbound.Effects;
import dev.claviger.oauth.protocol.AuthorizationRequest;
import org.springframework.stereotype.Component;

/** Has consent asked for, by a request that the browser carries, or by one that is pushed where that is demanded. */
@Component
class RequestConsent {

    private final ConsentRequests requests;
    private final PushRequest pushRequest;
    private final Effects effects;

    RequestConsent(ConsentRequests requests, PushRequest pushRequest, Effects effects) {
        this.requests = requests;
        this.pushRequest = pushRequest;
        this.effects = effects;
    }

    /** In the caller's transaction, in which the client was recorded. */
    void send(AuthorizationRow row) {
        if (row.mustPush()) {
            effects.now(pushRequest, row.id().toString(), new AuthorizationJob(row.id()));
        } else {
            requests.record(row, AuthorizationRequest.newState(), AuthorizationRequest.newCodeVerifier(), null);
        }
    }
}
