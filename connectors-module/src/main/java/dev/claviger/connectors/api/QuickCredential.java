package dev.claviger.connectors.api;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The short way to a credential that is there and in force, for an agent whose key was recognised a while ago. */
public interface QuickCredential {

    /**
     * An answer that is on record.
     *
     * @param entityTag in its quotes (RFC 9110, section 8.8.3)
     * @param body JSON, what {@code GET /api/v1/agent/connectors/{serverKey}/credential} answers; null: the agent has it
     */
    record Answer(String entityTag, byte @Nullable [] body) {
        @Override
        public String toString() {
            return "Answer[" + entityTag + "]";
        }
    }

    /**
     * The agent's own credential, or the shared one it was given tools of. Blocks until its use is committed. Whether the key
     * is the agent's still, and the agent neither removed nor frozen, is looked at with it.
     *
     * @param keyHash as {@link AgentKeyring#owner} takes it
     * @param ifNoneMatch values of that header; empty: there was none
     * @return empty: nothing is handed out, and the long way finds out why
     */
    Optional<Answer> find(
            AgentId agent, String keyHash, String serverKey, List<String> ifNoneMatch, String sourceAddress);
}
