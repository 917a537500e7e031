package dev.claviger.oauth;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.RegistrationOutcome.RecordRegistration;
import dev.claviger.oauth.RegistrationOutcome.RetireRegistration;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistered;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistrationRetired;
import dev.claviger.oauth.api.ClientRegistrationId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
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
        if (command.clientId().equals(clientId)) {
            apply(new ClientRegistrationRetired(
                    command.registrationId(), command.clientId(), clientSecret, command.reason()));
        }
    }

    @EventSourcingHandler
    void on(ClientRegistered event) {
        registrationId = event.registrationId();
        clientId = event.clientId();
        clientSecret = event.clientSecret();
        clientSecretExpiresAt = event.clientSecretExpiresAt();
    }

    @EventSourcingHandler
    void on(ClientRegistrationRetired event) {
        clientId = null;
        clientSecret = null;
    }
}
