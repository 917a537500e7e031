package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FreshCredential;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server to talk to and what to show it.
 *
 * @param headers sent with every request; without secrets
 * @param credential sent with every request; null: none
 */
public record McpTarget(
        URI url, Map<String, String> headers, @Nullable FreshCredential credential) {}
