package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.api.Tool;
import java.util.List;

/** One conversation with an MCP server. Not for several threads. */
public interface McpConnection extends AutoCloseable {

    /**
     * Agrees with the server on a revision. To be called once, first.
     *
     * @throws Unauthorized when the server wants a credential, or another one
     * @throws Refused when it answers with an error or with nonsense
     * @throws Unreachable when no complete answer comes in time
     * @throws Untrusted when its address is forbidden or it exceeds a limit
     */
    ServerInfo open();

    /**
     * Answers all tools in the order of the server, every page of them, names unique. Throws as {@link #open()} does.
     */
    List<Tool> listTools();

    /** Says good-bye where the revision knows how; never throws. */
    @Override
    void close();
}
