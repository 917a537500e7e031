package dev.claviger.oauth;

import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.SigningKeysId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What is done about the keys by which our client signs. */
sealed interface SigningKeyOutcome {

    /**
     * Puts a key in force. Answers whether it was accepted: only if {@code former} is the one in force.
     *
     * @param former null: there is none
     */
    record AddSigningKey(
            @TargetAggregateIdentifier SigningKeysId signingKeysId,
            String keyId,
            String publicKey,
            SecretRef privateKey,
            @Nullable String former)
            implements SigningKeyOutcome {}

    /** Does nothing to a key that is in force, or retired already. */
    record RetireFormerKey(@TargetAggregateIdentifier SigningKeysId signingKeysId, String keyId)
            implements SigningKeyOutcome {}
}
