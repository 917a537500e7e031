package dev.claviger.credentials.outbound;

import java.util.List;

/** The real guarded client with an operator's permission to call loopback addresses. */
public final class LoopbackClient {

    private LoopbackClient() {}

    public static OutboundClient create() {
        return new GuardedHttpClient(new OutboundSettings(List.of("127.0.0.1"), true));
    }
}
