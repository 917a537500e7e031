/**
 * The MCP client: Streamable HTTP, JSON-RPC, the handshake, listing tools. No Axon, no Spring bean, no database; the
 * outside is reached through {@code OutboundClient} only.
 */
@NullMarked
package dev.claviger.toolsync.protocol;

import org.jspecify.annotations.NullMarked;
