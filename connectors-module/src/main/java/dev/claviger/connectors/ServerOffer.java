package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentQuery.OfferedConnector;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.CredentialMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an agent reaches one server that is offered to it.
 *
 * @param connection whose credential to hand out; null: none is needed, or there is none
 */
record ServerOffer(
        ConnectorId connector,
        String name,
        String url,
        AuthType authType,
        CredentialMode mode,
        Map<String, String> customHeaders,
        @Nullable ConnectionId connection) {

    static ServerOffer of(OfferedConnector offered) {
        return new ServerOffer(
                offered.connectorId(),
                offered.name(),
                offered.url(),
                offered.authType(),
                offered.mode(),
                offered.customHeaders(),
                offered.connectionId());
    }

    boolean needsCredential() {
        return authType != AuthType.NONE;
    }
}
