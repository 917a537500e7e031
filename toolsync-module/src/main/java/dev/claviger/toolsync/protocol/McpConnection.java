package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.api.Tool;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/** One conversation with an MCP server. Not for several threads. */
public interface McpConnection extends AutoCloseable {

    /**
     * Agrees with the server on a revision. To be called once, first.
     *
     * @throws Unauthorized when the server wants a credential, or another one
     * @throws Forbidden when it does not let the credential in
     * @throws Refused when it answers with an error or with nonsense
     * @throws Unreachable when no complete answer comes in time
     * @throws Untrusted when its address is forbidden or it exceeds a limit
     */
    ServerInfo open();

    /** Asks for all tools, every page of them. Throws as {@link #open()} does. */
    ToolListing listTools();

    /**
     * Calls a tool. Throws as {@link #open()} does; where the call may have reached the server and its answer is lost, it is
     * not repeated and {@link Unreachable#answerMayBeLost()} says so.
     *
     * @param tool as listed: its schemas say what goes into headers and what the result must look like
     * @param arguments by the tool's {@code inputSchema}
     * @param elicitor answers what the server asks meanwhile
     */
    CallResult callTool(Tool tool, ObjectNode arguments, Elicitor elicitor);

    /**
     * Waits for word that the list of tools changed, with a time limit of its own. Throws as {@link #open()} does.
     *
     * @param toolsChanged called on the same thread each time the server says so; ask for the list again afterwards (C86, C98)
     * @return false, at once: the server offers no such notice
     */
    boolean listen(Duration atMost, Runnable toolsChanged);

    /** Whether the server said in passing, since this was asked last, that its list of tools changed (C98). */
    default boolean toolsChanged() {
        return false;
    }

    /** Says good-bye where the revision knows how; never throws. */
    @Override
    void close();
}
