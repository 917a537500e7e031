package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.credentials.api.PrefixedId;
import java.util.UUID;

/** Reads identifiers from addresses, where the bare UUID does as well as the prefixed form. */
final class Ids {

    private Ids() {}

    static ConnectorId connector(String text) {
        return new ConnectorId(uuid("connector", text));
    }

    static AgentId agent(String text) {
        return new AgentId(uuid("agent", text));
    }

    static ConnectionId connection(String text) {
        return new ConnectionId(uuid("connection", text));
    }

    static UUID preflight(String text) {
        return uuid("preflight", text);
    }

    /** @throws NotFound when it is no identifier of that kind: then nothing has it */
    private static UUID uuid(String prefix, String text) {
        try {
            return text.startsWith(prefix + ":") ? PrefixedId.parse(prefix, text) : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new NotFound();
        }
    }
}
