package dev.claviger.oauth;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.RegistrationOutcome.RecordAnswer;
import dev.claviger.oauth.RegistrationOutcome.RecordDeletion;
import dev.claviger.oauth.RegistrationOutcome.RecordRegistration;
import dev.claviger.oauth.RegistrationOutcome.RetireRegistration;
import dev.claviger.oauth.api.ClientRegistrationCommand.RegisterAgain;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistered;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationDeleted;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationRetired;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationUpdated;
import dev.claviger.oauth.api.ClientRegistrationId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * Our client at one authorization server, for one redirect URI: registered once and kept until the server turns out
 * not to know it any more.
 */
@Aggregate(cache = "aggregateCache")
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
class RegisteredClient {

    @AggregateIdentifier
    private @Nullable ClientRegistrationId registrationId;

    /** The one in force; null: retired. */
    private @Nullable String clientId;

    private @Nullable SecretRef clientSecret;
    private @Nullable Instant clientSecretExpiresAt;

    /** What each client that we may still ask about is asked with, by client id: the one in force and retired ones. */
    private Map<String, Held> held = new HashMap<>();

    private record Held(
            @Nullable SecretRef clientSecret, @Nullable SecretRef registrationAccessToken) {}

    RegisteredClient() {}

    /** The same issuer and redirect URI give the same id, so that two of one kind cannot come to be. */
    static ClientRegistrationId idOf(String issuer, String redirectUri) {
        return new ClientRegistrationId(
                UUID.nameUUIDFromBytes((issuer + "\n" + redirectUri).getBytes(StandardCharsets.UTF_8)));
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    boolean handle(RecordRegistration outcome, Clock clock) {
        boolean holds =
                clientId != null && (clientSecretExpiresAt == null || clientSecretExpiresAt.isAfter(clock.instant()));
        if (holds) {
            return false;
        }
        if (clientId != null) {
            retire(outcome.registrationId(), "Its client secret has expired.");
        }
        apply(new ClientRegistered(
                outcome.registrationId(),
                outcome.registeredFor(),
                outcome.issuer(),
                outcome.redirectUri(),
                outcome.clientId(),
                outcome.clientSecret(),
                outcome.clientSecretExpiresAt(),
                outcome.tokenEndpointAuthMethod(),
                outcome.registrationAccessToken(),
                outcome.registrationClientUri(),
                outcome.metadata()));
        return true;
    }

    @CommandHandler
    void handle(RetireRegistration command) {
        if (command.clientId().equals(clientId) && Objects.equals(command.clientSecret(), clientSecret)) {
            retire(command.registrationId(), command.reason());
        }
    }

    @CommandHandler
    void handle(RegisterAgain command) {
        if (clientId != null) {
            retire(command.registrationId(), "An admin wants another.");
        }
    }

    private void retire(ClientRegistrationId id, String reason) {
        apply(new ClientRegistrationRetired(id, Objects.requireNonNull(clientId), clientSecret, reason));
    }

    @CommandHandler
    boolean handle(RecordAnswer outcome) {
        Held asked = new Held(outcome.formerSecret(), outcome.formerToken());
        if (!asked.equals(held.get(outcome.clientId()))) {
            return false;
        }
        apply(new ClientRegistrationUpdated(
                outcome.registrationId(),
                outcome.clientId(),
                outcome.clientSecret(),
                outcome.clientSecretExpiresAt(),
                outcome.tokenEndpointAuthMethod(),
                outcome.registrationAccessToken(),
                outcome.registrationClientUri(),
                outcome.metadata(),
                outcome.answer()));
        return true;
    }

    @CommandHandler
    boolean handle(RecordDeletion outcome) {
        if (outcome.clientId().equals(clientId) || !held.containsKey(outcome.clientId())) {
            return false;
        }
        apply(new ClientRegistrationDeleted(
                outcome.registrationId(), outcome.clientId(), outcome.deleted(), outcome.answer()));
        return true;
    }

    @EventSourcingHandler
    void on(ClientRegistered event) {
        registrationId = event.registrationId();
        clientId = event.clientId();
        clientSecret = event.clientSecret();
        clientSecretExpiresAt = event.clientSecretExpiresAt();
        held.put(event.clientId(), new Held(event.clientSecret(), event.registrationAccessToken()));
    }

    @EventSourcingHandler
    void on(ClientRegistrationUpdated event) {
        if (event.clientId().equals(clientId)) {
            clientSecret = event.clientSecret();
            clientSecretExpiresAt = event.clientSecretExpiresAt();
        }
        held.put(event.clientId(), new Held(event.clientSecret(), event.registrationAccessToken()));
    }

    @EventSourcingHandler
    void on(ClientRegistrationDeleted event) {
        held.remove(event.clientId());
    }

    @EventSourcingHandler
    void on(ClientRegistrationRetired event) {
        clientId = null;
        clientSecret = null;
    }
}
