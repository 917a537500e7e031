/**
 * The MCP client of every revision from 2024-11-05 to 2026-07-28: finding out how a server is spoken to, listing its tools,
 * calling them, hearing of changes. No Axon, no Spring bean, no database; the outside is reached through {@code
 * OutboundClient} only, and nothing outlives a conversation. Begin with {@code DualEraConnection}, then {@code
 * ModernConnection} and {@code LegacyConnection}.
 */
@NullMarked
package dev.claviger.toolsync.protocol;

import org.jspecify.annotations.NullMarked;
