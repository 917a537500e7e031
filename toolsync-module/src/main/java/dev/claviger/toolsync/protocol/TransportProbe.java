package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.api.TransportPreflight;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Speaks to a server once, as a listing would, without a credential. */
public final class TransportProbe implements TransportPreflight {

    private final McpTransport transport;

    public TransportProbe(OutboundClient client) {
        this.transport = new DualEraTransport(client);
    }

    @Override
    public Seen look(String serverUrl, Duration timeLimit) {
        URI url;
        try {
            url = new URI(serverUrl);
        } catch (URISyntaxException e) {
            return unknown(null, new Failure(FailureCode.UNSAFE_ADDRESS, "This is not a URL."));
        }
        Spoken spoken = null;
        try (McpConnection connection =
                transport.connect(new McpTarget(url, Map.of(), null), Limits.within(timeLimit), null)) {
            spoken = spoken(connection.open());
            ToolListing listing = connection.listTools();
            return new Seen(
                    spoken,
                    Access.LISTS_FOR_EVERYBODY,
                    listing.tools().size(),
                    listing.dropped().size(),
                    null);
        } catch (Unauthorized e) {
            return new Seen(
                    spoken, spoken == null ? Access.CREDENTIAL_FIRST : Access.CREDENTIAL_TO_LIST, null, 0, null);
        } catch (Forbidden e) {
            return spoken == null
                    ? new Seen(null, Access.FORBIDDEN, null, 0, null)
                    : new Seen(spoken, Access.CREDENTIAL_TO_LIST, null, 0, null);
        } catch (Refused e) {
            return unknown(spoken, e.failure());
        } catch (Untrusted e) {
            return unknown(spoken, e.failure());
        } catch (Unreachable e) {
            return unknown(spoken, new Failure(FailureCode.MCP_UNREACHABLE, String.valueOf(e.getMessage())));
        }
    }

    private static Spoken spoken(ServerInfo server) {
        Way way = server.wire() == Wire.HTTP_SSE ? Way.HTTP_SSE : server.era() == Era.MODERN ? Way.MODERN : Way.LEGACY;
        return new Spoken(way, server.protocolVersion(), server.name(), server.version());
    }

    private static Seen unknown(@Nullable Spoken spoken, Failure failure) {
        return new Seen(spoken, Access.UNKNOWN, null, 0, failure);
    }
}
