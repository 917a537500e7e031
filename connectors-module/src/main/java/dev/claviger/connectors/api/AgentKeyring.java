package dev.claviger.connectors.api;

import dev.claviger.connectors.api.AgentQuery.AuthenticatedAgent;
import java.util.Optional;

/** Recognises agents by their keys. */
public interface AgentKeyring {

    /**
     * The agent whose valid key it is, or nothing. Sees a key revoked in the same instant, on whatever node.
     *
     * @param hash SHA-256 of the presented key, lower-case hex
     */
    Optional<AuthenticatedAgent> owner(String hash);

    /**
     * Writes down that somebody who has the key of a frozen agent asked and was refused; at most once a minute for each agent
     * on each node. Returns when it is written, so that nobody is answered off the record.
     *
     * @param path of the request, as it came
     */
    void refusedFrozen(AgentId agent, String path, String sourceAddress);
}
