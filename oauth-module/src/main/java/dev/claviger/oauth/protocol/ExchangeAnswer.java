package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.Secret;
import org.jspecify.annotations.Nullable;

/** What an identity provider answered to a token exchange. */
public sealed interface ExchangeAnswer {

    /**
     * @param value for one authorization server and a few minutes; never stored
     * @param subject takes the place of the refresh token that was exchanged; null: that one stays
     */
    record Assertion(Secret value, @Nullable Secret subject) implements ExchangeAnswer {}

    /**
     * @param answer {@link TokenAnswer.Denied} or {@link TokenAnswer.Unintelligible}
     * @param inDoubt whether an answer to the same subject token was lost before, with which it may have been replaced
     */
    record NotGiven(TokenAnswer answer, boolean inDoubt) implements ExchangeAnswer {
        NotGiven(TokenAnswer answer) {
            this(answer, false);
        }
    }
}
