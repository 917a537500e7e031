package dev.claviger.toolsync.protocol;

import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Carries the messages of a conversation with a handshake, and serves what the server asks beside them. */
interface LegacyWire {

    Wire kind();

    /**
     * Sends a request and answers the whole JSON-RPC answer to it.
     *
     * @throws SessionLost when the server did not process it because it knows no such session
     * @throws OtherWire when a greeting shows that the server does not speak this way
     */
    JsonNode request(String method, ObjectNode params);

    /** Sends a notification; empty {@code params} are left out. */
    void announce(String method, ObjectNode params);

    /** From now on every request says so (C91). */
    void speak(String negotiatedVersion);

    boolean inSession();

    /** Forgets a session that the server has forgotten. */
    void forgetSession();

    /** Says good-bye where there is a session (C94); never throws. */
    void endSession();

    /**
     * Listens to what the server says by itself.
     *
     * @param heard called after each message
     * @return whether it lets us listen
     */
    boolean listen(Duration atMost, Runnable heard);
}
