package dev.claviger.oauth;

import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistered;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Deletes a retired client at its authorization server if no authorization uses it; otherwise leaves it to the next look,
 * because with a client a server may drop its grants.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7592#section-2.3">RFC 7592 section 2.3</a>
 */
@Component
class DeleteClient extends Effect<ClientJob> {

    private final ClientRegistrationTable clients;
    private final AskAboutClient ask;

    DeleteClient(ClientRegistrationTable clients, AskAboutClient ask) {
        super("oauth.delete-client", ClientJob.class, 6, Duration.ofSeconds(2));
        this.clients = clients;
        this.ask = ask;
    }

    @Override
    protected void perform(ClientJob job) {
        unused(job).ifPresent(ask::delete);
    }

    private Optional<ClientRegistered> unused(ClientJob job) {
        return clients.find(job.registrationId(), job.clientId())
                .filter(row ->
                        row.state() == ClientState.RETIRED && !clients.isUsed(job.registrationId(), job.clientId()))
                .map(ClientRow::client);
    }

    @Override
    protected void giveUp(ClientJob job, RuntimeException cause) {
        unused(job)
                .ifPresent(client -> ask.recordDeletion(
                        client,
                        false,
                        cause instanceof Unreachable
                                ? "it could not be reached. " + cause.getMessage()
                                : "something broke in Claviger; its log says what"));
    }
}
