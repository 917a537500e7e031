package dev.claviger.oauth;

import dev.claviger.oauth.api.AuthorizationStep;
import org.jspecify.annotations.Nullable;

/** Where an authorization stands: the step being done, or its end. */
enum Stage {
    DISCOVERY(AuthorizationStep.DISCOVERY),
    CLIENT(AuthorizationStep.CLIENT),
    CONSENT(AuthorizationStep.CONSENT),
    CODE_EXCHANGE(AuthorizationStep.CODE_EXCHANGE),
    GRANTED(null),
    FAILED(null);

    private final @Nullable AuthorizationStep step;

    Stage(@Nullable AuthorizationStep step) {
        this.step = step;
    }

    /** Null at the end. */
    @Nullable
    AuthorizationStep step() {
        return step;
    }
}
