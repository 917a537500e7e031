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
}
