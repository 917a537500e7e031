package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import org.jspecify.annotations.Nullable;

/** A connection as its connector remembers it: whose it is, and how it gets in. */
record Attempt(ConnectionId connectionId, @Nullable AgentId agentId, AuthType authType) {}
