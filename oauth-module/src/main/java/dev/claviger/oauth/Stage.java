package dev.claviger.oauth;

import dev.claviger.oauth.api.AuthorizationStep;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import org.jspecify.annotations.Nullable;

/** Where an authorization stands: the step being done, or its end. */
enum Stage {
    DISCOVERY(AuthorizationStep.DISCOVERY),
    APPROVAL(AuthorizationStep.APPROVAL),
    CLIENT(AuthorizationStep.CLIENT),
    CONSENT(AuthorizationStep.CONSENT),
    CODE_EXCHANGE(AuthorizationStep.CODE_EXCHANGE),
    TOKEN_REQUEST(AuthorizationStep.TOKEN_REQUEST),
    GRANTED(null),
    FAILED(null);

    private final @Nullable AuthorizationStep step;

    Stage(@Nullable AuthorizationStep step) {
        this.step = step;
    }

    /** What there is to do once there is a client: send a person to consent, or ask for a token without one. */
    static Stage withClient(Grant grant) {
        return grant == Grant.AUTHORIZATION_CODE ? CONSENT : TOKEN_REQUEST;
    }

    /** Null at the end. */
    @Nullable
    AuthorizationStep step() {
        return step;
    }
}
