package dev.claviger.demoprovider;

import java.io.IOException;
import java.util.Map;

/** Routes what comes to the MCP server: its endpoints by path, and the metadata of the protected one. */
final class McpServer {

    private final Knobs knobs;
    private final Map<String, McpEndpoint> endpoints;
    private final OAuthDoor door;
    private final AuthorizationServer authorizationServer;

    McpServer(
            Knobs knobs, Map<String, McpEndpoint> endpoints, OAuthDoor door, AuthorizationServer authorizationServer) {
        this.knobs = knobs;
        this.endpoints = endpoints;
        this.door = door;
        this.authorizationServer = authorizationServer;
    }

    void handle(Call call) throws IOException {
        McpEndpoint endpoint = endpoints.get(call.path());
        if (endpoint != null) {
            endpoint.handle(call);
        } else if (call.path().startsWith(OAuthDoor.WELL_KNOWN)) {
            door.metadata(call);
        } else if (knobs.authorizationServerOnMcpOrigin) {
            authorizationServer.handle(call);
        } else {
            call.json(404, Map.of("error", "not_found"));
        }
    }
}
