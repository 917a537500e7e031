package dev.claviger.oauth;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.oauth.RegistrationOutcome.RetireRegistration;
import dev.claviger.oauth.api.AuthorizationEvent.ClientObtained;
import dev.claviger.oauth.api.ClientOrigin;
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

    /**
     * The failure of an authorization whose client is not accepted.
     *
     * @param said by whom and how, a sentence
     */
    static Failure refused(ClientObtained client, String said) {
        return new Failure(FailureCode.CLIENT_REFUSED, said + " " + remedy(client));
    }

    private static String remedy(ClientObtained client) {
        if (canRegisterAgain(client)) {
            return "Connect again: Claviger registers a new one.";
        }
        return client.origin() == ClientOrigin.METADATA_DOCUMENT
                ? "It must be able to read " + client.clientId() + " and the keys that are named there; see to that, or"
                        + " enter a client under Advanced, then connect again."
                : "Correct the client under Advanced, then connect again.";
    }

    /** Does nothing to a client entered by hand, or one that is no longer in force. */
    void retire(ClientObtained client, String reason) {
        if (client.registration() != null) {
            commands.sendAndWait(
                    new RetireRegistration(client.registration(), client.clientId(), client.clientSecret(), reason));
        }
    }
}
