package dev.claviger.oauth;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.SigningKeyOutcome.AddSigningKey;
import dev.claviger.oauth.SigningKeyOutcome.RetireFormerKey;
import dev.claviger.oauth.api.SigningKeyEvent.SigningKeyCreated;
import dev.claviger.oauth.api.SigningKeyEvent.SigningKeyRetired;
import dev.claviger.oauth.api.SigningKeyEvent.SigningKeyRotated;
import dev.claviger.oauth.api.SigningKeysId;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** The keys by which our client signs: one in force, and those before it for as long as somebody may still look for them. */
@Aggregate(cache = "aggregateCache")
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
class SigningKeys {

    private static final Duration OVERLAP = Duration.ofHours(24);

    @AggregateIdentifier
    private @Nullable SigningKeysId signingKeysId;

    private @Nullable String inForce;
    private Map<String, SecretRef> privateKeys = new HashMap<>();

    SigningKeys() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    boolean handle(AddSigningKey command, Clock clock) {
        if (!Objects.equals(inForce, command.former())) {
            return false;
        }
        if (inForce == null) {
            apply(new SigningKeyCreated(
                    command.signingKeysId(), command.keyId(), command.publicKey(), command.privateKey()));
        } else {
            apply(new SigningKeyRotated(
                    command.signingKeysId(),
                    command.keyId(),
                    command.publicKey(),
                    command.privateKey(),
                    inForce,
                    clock.instant().plus(OVERLAP)));
        }
        return true;
    }

    @CommandHandler
    void handle(RetireFormerKey command) {
        SecretRef privateKey = privateKeys.get(command.keyId());
        if (privateKey != null && !command.keyId().equals(inForce)) {
            apply(new SigningKeyRetired(command.signingKeysId(), command.keyId(), privateKey));
        }
    }

    @EventSourcingHandler
    void on(SigningKeyCreated event) {
        signingKeysId = event.signingKeysId();
        inForce = event.keyId();
        privateKeys.put(event.keyId(), event.privateKey());
    }

    @EventSourcingHandler
    void on(SigningKeyRotated event) {
        inForce = event.keyId();
        privateKeys.put(event.keyId(), event.privateKey());
    }

    @EventSourcingHandler
    void on(SigningKeyRetired event) {
        privateKeys.remove(event.keyId());
    }
}
