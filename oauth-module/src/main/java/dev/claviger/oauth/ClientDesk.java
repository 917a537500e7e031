package dev.claviger.oauth;

import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.oauth.api.ClientRegistrationCommand.RegisterAgain;
import dev.claviger.oauth.api.ClientRegistrationId;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.stereotype.Component;

/** What an admin may do about a client in force, from a page or a script. */
@Component
class ClientDesk {

    private final ClientRegistrationTable clients;
    private final AskAboutClient ask;
    private final CommandGateway commands;

    ClientDesk(ClientRegistrationTable clients, AskAboutClient ask, CommandGateway commands) {
        this.clients = clients;
        this.ask = ask;
        this.commands = commands;
    }

    /** @throws NoSuchClient when there is none in force */
    ClientRow inForce(ClientRegistrationId id) {
        return clients.inForce(id).orElseThrow(NoSuchClient::new);
    }

    /** Answers the retired one. */
    ClientRow registerAgain(ClientRegistrationId id) {
        ClientRow row = inForce(id);
        commands.sendAndWait(new RegisterAgain(id));
        return again(row);
    }

    /**
     * Asks now, while the admin waits.
     *
     * @throws Unreachable when there is no answer, or somebody else is asking
     */
    ClientRow check(ClientRegistrationId id) {
        ClientRow row = inForce(id);
        ask.read(row.client());
        return again(row);
    }

    private ClientRow again(ClientRow row) {
        return clients.find(row.client().registrationId(), row.client().clientId())
                .orElseThrow(NoSuchClient::new);
    }
}
