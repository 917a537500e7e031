package dev.claviger.oauth;

import dev.claviger.oauth.RegistrationOutcome.RetireRegistration;
import dev.claviger.oauth.api.AuthorizationEvent.ClientObtained;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.stereotype.Component;

/** Retires a client that the authorization server has forgotten, so that the next Connect registers a new one. */
@Component
class RetireClient {

    private final CommandGateway commands;

    RetireClient(CommandGateway commands) {
        this.commands = commands;
    }

    /** Whether we registered it ourselves, and so can do it again; a client entered by hand is the admin's. */
    static boolean canRegisterAgain(ClientObtained client) {
        return client.registration() != null;
    }

    /** Does nothing to a client entered by hand, or one that is no longer in force. */
    void retire(ClientObtained client, String reason) {
        if (client.registration() != null) {
            commands.sendAndWait(new RetireRegistration(client.registration(), client.clientId(), reason));
        }
    }
}
