package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Refused;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of itself; name and version are untrusted text, shortened, never a reason to behave differently.
 *
 * @param protocolVersion the negotiated revision
 * @param offersTools whether it declared the {@code tools} capability
 * @param era of the revision
 * @param wire how messages travel to it
 */
public record ServerInfo(
        String protocolVersion,
        @Nullable String name,
        @Nullable String version,
        boolean offersTools,
        Era era,
        Wire wire) {

    /** Only what was declared may be used (C97). */
    void requireTools() {
        if (!offersTools) {
            throw new Refused(
                    FailureCode.NO_TOOLS_CAPABILITY,
                    "The server does not declare the tools capability: it offers no tools");
        }
    }
}
