package dev.claviger.credentials.outbound;

import java.util.Map;

/** Says what a request is for, where its maker did not: requests of OAuth and of MCP tell it themselves. */
final class Purposes {

    private Purposes() {}

    /** @param said names and values of its parameters */
    static String of(OutboundRequest request, Map<String, String> said) {
        if (request.purpose() != null) {
            return request.purpose();
        }
        String path = String.valueOf(request.uri().getRawPath());
        if (path.contains("/.well-known/oauth-protected-resource")) {
            return "Protected resource metadata";
        }
        if (path.contains("/.well-known/oauth-authorization-server")
                || path.contains("/.well-known/openid-configuration")) {
            return "Authorization server metadata";
        }
        if (said.containsKey("jsonrpc")) {
            return said.containsKey("method") ? "MCP " + said.get("method") : "MCP answer to the server";
        }
        if (said.containsKey("grant_type")) {
            return said.get("grant_type").equals("refresh_token") ? "Token refresh" : "Token request";
        }
        if (said.containsKey("response_type")) {
            return "Pushed authorization request";
        }
        if (said.containsKey("token")) {
            return "Token revocation";
        }
        if (said.containsKey("redirect_uris")) {
            return request.method().equals("PUT") ? "Client registration update" : "Client registration";
        }
        return byHeaders(request);
    }

    private static String byHeaders(OutboundRequest request) {
        boolean session = request.headers().keySet().stream().anyMatch("Mcp-Session-Id"::equalsIgnoreCase);
        if (request.method().equals("DELETE")) {
            return session ? "End of the MCP session" : "Client removal";
        }
        boolean stream = request.headers().entrySet().stream()
                .anyMatch(header -> header.getKey().equalsIgnoreCase("Accept")
                        && header.getValue().reveal().equals("text/event-stream"));
        return stream ? "MCP event stream" : "Document";
    }
}
