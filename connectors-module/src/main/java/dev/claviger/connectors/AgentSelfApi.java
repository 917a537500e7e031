package dev.claviger.connectors;

import dev.claviger.connectors.AgentCalls.Call;
import dev.claviger.connectors.HandOut.Answered;
import dev.claviger.connectors.HandOut.Headers;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentOffer;
import dev.claviger.connectors.api.AgentQuery.OfferedConnector;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Agent API: what an agent may use, and fresh credentials for it. The agent is the one whose key the request carries. */
@RestController
@RequestMapping("/api/v1/agent")
class AgentSelfApi {

    record Me(AgentId id, String name) {}

    /** @param tools as {@code mcp__<server_key>__<tool>} */
    record Offered(
            String serverKey,
            String name,
            String url,
            String authType,
            String mode,
            boolean connected,
            List<String> tools) {}

    record Offer(List<Offered> connectors) {}

    /** One entry of the {@code mcpServers} form. */
    record Server(String type, String url, Map<String, String> headers) {
        @Override
        public String toString() {
            return "Server[" + url + "]";
        }
    }

    record McpJson(Map<String, Server> mcpServers) {}

    /** What a call for the headers of one connector is in the record. */
    static final String HEADERS = "headers";

    /** Names the offered connectors that cannot be used now; the form itself has no place for them. */
    static final String LEFT_OUT = "Claviger-Left-Out";

    private final HandOut handOut;
    private final AgentCalls calls;
    private final AgentLimit limit;

    AgentSelfApi(HandOut handOut, AgentCalls calls, AgentLimit limit) {
        this.handOut = handOut;
        this.calls = calls;
        this.limit = limit;
    }

    @GetMapping("/me")
    Me me(Principal principal, HttpServletRequest request) {
        Call call = call(principal, "me", request);
        AgentOffer offer = handOut.offer(call.agent());
        calls.write(call, AgentCalls.ANSWERED);
        return new Me(offer.agentId(), offer.name());
    }

    @GetMapping("/connectors")
    Offer connectors(Principal principal, HttpServletRequest request) {
        Call call = call(principal, "connectors", request);
        AgentOffer offer = handOut.offer(call.agent());
        calls.write(call, AgentCalls.ANSWERED);
        return new Offer(offer.connectors().stream()
                .map(connector -> new Offered(
                        connector.serverKey(),
                        connector.name(),
                        connector.url(),
                        Words.lower(connector.authType()),
                        Words.lower(connector.mode()),
                        connector.connected(),
                        connector.tools()))
                .toList());
    }

    /**
     * The headers for one connector now.
     *
     * @param refused the {@code generation} of the answer whose headers the server refused with 401: it is renewed now,
     *     however long it would live
     */
    @PostMapping("/connectors/{serverKey}/credential")
    ResponseEntity<Headers> credential(
            @PathVariable String serverKey,
            @RequestParam(required = false) @Nullable String refused,
            Principal principal,
            HttpServletRequest request) {
        Answered answered =
                handOut.headers(call(principal, HEADERS, request), serverKey, TokenSet.named(refused), null);
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(answered.headers());
    }

    /**
     * The headers for one connector now, or 304 where the agent has them already and they are still valid for longer than
     * the margin; then the secret is not even opened.
     *
     * @param ifNoneMatch the {@code ETag} of an answer that the agent still has (RFC 9110, section 13.1.2)
     */
    @GetMapping("/connectors/{serverKey}/credential")
    ResponseEntity<Headers> credentialUnlessKnown(
            @PathVariable String serverKey,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable List<String> ifNoneMatch,
            Principal principal,
            HttpServletRequest request) {
        Answered answered =
                handOut.headers(call(principal, HEADERS, request), serverKey, null, EntityTags.read(ifNoneMatch));
        return ResponseEntity.status(answered.headers() == null ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
                .cacheControl(CacheControl.noStore())
                .eTag(answered.tag())
                .body(answered.headers());
    }

    /** All usable connectors in the form that Claude Code, Cursor and VS Code read; a header names those left out. */
    @GetMapping("/mcp.json")
    ResponseEntity<McpJson> mcpJson(Principal principal, HttpServletRequest request) {
        Call call = call(principal, "mcp.json", request);
        Map<String, Server> servers = new LinkedHashMap<>();
        List<String> leftOut = new ArrayList<>();
        for (OfferedConnector connector : handOut.offer(call.agent()).connectors()) {
            try {
                Headers headers = handOut.headers(call, connector);
                servers.put(connector.serverKey(), new Server("http", headers.url(), headers.headers()));
            } catch (Unmended e) {
                leftOut.add(connector.serverKey());
            }
        }
        calls.write(call, AgentCalls.ANSWERED);
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok().cacheControl(CacheControl.noStore());
        if (!leftOut.isEmpty()) {
            answer.header(LEFT_OUT, String.join(", ", leftOut));
        }
        return answer.body(new McpJson(servers));
    }

    private Call call(Principal principal, String what, HttpServletRequest request) {
        Call call = new Call(AgentId.parse(principal.getName()), what, request.getRemoteAddr());
        limit.enter(call);
        return call;
    }
}
