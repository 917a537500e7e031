package dev.claviger.toolsync.protocol;

import dev.claviger.toolsync.api.DroppedTool;
import dev.claviger.toolsync.api.Tool;
import java.time.Duration;
import java.util.List;

/**
 * What a server offers.
 *
 * @param tools all pages, in the order of the server, names unique
 * @param dropped listed but not fit for use, each with the reason
 * @param ttl how long the list may be called fresh; zero: the server does not say (C85)
 * @param isPrivate whether the list may depend on the credential and must not be shown under another one; true where the
 *     server does not say
 */
public record ToolListing(List<Tool> tools, List<DroppedTool> dropped, Duration ttl, boolean isPrivate) {

    public ToolListing {
        tools = List.copyOf(tools);
        dropped = List.copyOf(dropped);
    }
}
