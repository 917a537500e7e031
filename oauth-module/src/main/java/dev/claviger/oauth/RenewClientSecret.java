package dev.claviger.oauth;

import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistered;
import dev.claviger.oauth.api.ClientRegistrationId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Asks for a new client secret before the one in force expires: reads the registration, and where no new one came writes it
 * anew.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7592#section-2">RFC 7592 section 2</a>
 */
@Component
class RenewClientSecret extends Effect<RenewClientSecret.Data> {

    /** @param expiresAt of the secret to be replaced */
    record Data(ClientRegistrationId registrationId, String clientId, Instant expiresAt) {}

    private final ClientRegistrationTable clients;
    private final AskAboutClient ask;

    RenewClientSecret(ClientRegistrationTable clients, AskAboutClient ask) {
        super("oauth.renew-client-secret", Data.class, 6, Duration.ofSeconds(5));
        this.clients = clients;
        this.ask = ask;
    }

    @Override
    protected void perform(Data data) {
        expiring(data).ifPresent(ask::read);
        expiring(data).ifPresent(ask::update);
    }

    private Optional<ClientRegistered> expiring(Data data) {
        return clients.find(data.registrationId(), data.clientId())
                .filter(row -> row.state() == ClientState.IN_FORCE)
                .map(ClientRow::client)
                .filter(client -> data.expiresAt().equals(client.clientSecretExpiresAt()));
    }

    @Override
    protected void giveUp(Data data, RuntimeException cause) {
        expiring(data)
                .ifPresent(client -> ask.recordSilence(
                        client,
                        cause instanceof Unreachable
                                ? "it could not be reached. " + cause.getMessage()
                                : "something broke in Claviger; its log says what"));
    }
}
