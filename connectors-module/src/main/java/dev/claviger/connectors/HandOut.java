package dev.claviger.connectors;

import dev.claviger.connectors.AgentCalls.Call;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentOffer;
import dev.claviger.connectors.api.AgentQuery.FindOffer;
import dev.claviger.connectors.api.AgentQuery.OfferedConnector;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.CredentialUnavailable.Reason;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.FreshCredentials;
import dev.claviger.credentials.api.UsedBy;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Gives an agent what it may use, and its credentials in the open: its own, or a shared one it was given tools of. */
@Component
class HandOut {

    /**
     * How to call a server now.
     *
     * @param expiresAt when the headers die as far as is known; null: unknown or never
     * @param generation names the token set, to be given back when the server refuses it; null: there is none to refuse
     */
    record Headers(
            String url,
            Map<String, String> headers,
            @Nullable Instant expiresAt,
            @Nullable String generation) {
        @Override
        public String toString() {
            return "Headers[" + url + "]";
        }
    }

    private final Answers answers;
    private final FreshCredentials credentials;
    private final AgentCalls calls;
    private final String publicUrl;

    HandOut(
            Answers answers,
            FreshCredentials credentials,
            AgentCalls calls,
            @Value("${claviger.public-url}") String publicUrl) {
        this.answers = answers;
        this.credentials = credentials;
        this.calls = calls;
        this.publicUrl = publicUrl;
    }

    AgentOffer offer(AgentId agent) {
        return answers.need(new FindOffer(agent), AgentOffer.class);
    }

    /**
     * @param refused what the server answered 401 to; null: nothing
     * @throws NotFound when the connector is not offered to the agent
     * @throws Unmended when there is no credential to hand out
     */
    Headers headers(Call call, String serverKey, @Nullable TokenSet refused) {
        Optional<OfferedConnector> connector = offer(call.agent()).connectors().stream()
                .filter(candidate -> candidate.serverKey().equals(serverKey))
                .findFirst();
        if (connector.isEmpty()) {
            calls.write(call, "refused: not offered");
            throw new NotFound("No connector of this key is offered to this agent. GET " + publicUrl
                    + "/api/v1/agent/connectors lists what is.");
        }
        return headers(call, connector.get(), refused);
    }

    /** Writes down what is answered before it is. */
    Headers headers(Call call, OfferedConnector connector, @Nullable TokenSet refused) {
        try {
            Headers headers = open(call, connector, refused);
            calls.write(call, AgentCalls.ANSWERED, connector);
            return headers;
        } catch (CredentialUnavailable e) {
            calls.write(call, "refused: " + Words.lower(e.reason()).replace('_', ' '), connector);
            throw new Unmended(e, mend(call.agent(), connector), publicUrl);
        }
    }

    private Headers open(Call call, OfferedConnector connector, @Nullable TokenSet refused) {
        Map<String, String> headers = new LinkedHashMap<>(connector.customHeaders());
        if (connector.authType() == AuthType.NONE) {
            return new Headers(connector.url(), headers, null, null);
        }
        ConnectionId connection = connector.connectionId();
        if (connection == null) {
            throw new CredentialUnavailable(
                    Reason.NEEDS_CONSENT, connector.name() + " is not connected; an admin can connect it.");
        }
        CredentialId credential = new CredentialId(connection.value());
        UsedBy usedBy = new UsedBy(call.agent().toString(), call.what(), call.sourceAddress());
        FreshCredential fresh = refused != null && refused.isOf(connection)
                ? credentials.freshAfterRefusal(credential, refused.generation(), usedBy)
                : credentials.fresh(credential, usedBy);
        headers.keySet().removeIf(name -> name.equalsIgnoreCase(fresh.headerName()));
        headers.put(fresh.headerName(), fresh.headerValue().reveal());
        return new Headers(
                connector.url(), headers, fresh.expiresAt(), new TokenSet(connection, fresh.generation()).name());
    }

    private String mend(AgentId agent, OfferedConnector connector) {
        return connector.mode() == CredentialMode.PER_AGENT
                ? publicUrl + "/agents/" + agent.value()
                : publicUrl + "/connectors/" + connector.connectorId().value();
    }
}
