package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentDetail;
import dev.claviger.connectors.api.AgentQuery.FindAgent;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorCommand.Disconnect;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.FindConnection;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.oauth.api.ConsentBinding;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Admin API: connecting, with the next step in the answer, so that scripts can drive the whole way. */
@RestController
@RequestMapping("/api/v1")
class ConnectApi {

    private final Answers answers;
    private final Saving saving;
    private final NextStep next;
    private final Issuers issuers;
    private final CommandGateway commands;
    private final Clock clock;

    ConnectApi(Answers answers, Saving saving, NextStep next, Issuers issuers, CommandGateway commands, Clock clock) {
        this.answers = answers;
        this.saving = saving;
        this.next = next;
        this.issuers = issuers;
        this.commands = commands;
        this.clock = clock;
    }

    @PostMapping("/connectors/{id}/connect")
    ResponseEntity<ConnectionJson.Answer> connect(
            @PathVariable String id,
            @RequestBody(required = false) ConnectionJson.@Nullable Body body,
            HttpServletRequest request) {
        ConnectionJson.Body asked = body == null ? new ConnectionJson.Body(null, null, null, null) : body;
        ConnectorDetail connector = answers.need(new FindConnector(Ids.connector(id)), ConnectorDetail.class);
        TypedSecret token = TypedSecret.orBlank(asked.token());
        String trouble = token.troubleAsToken(connector.settings().authType() == AuthType.BEARER);
        if (trouble != null) {
            throw new WrongFields(Map.of("token", trouble));
        }
        TypedEnd end = TypedEnd.of(asked.tokenExpiresAt(), clock.instant());
        if (end.trouble() != null) {
            throw new WrongFields(Map.of("tokenExpiresAt", end.trouble()));
        }
        AgentId agent = asked.agentId() == null ? null : Ids.agent(asked.agentId());
        if (agent != null) {
            answers.need(new FindAgent(agent), AgentDetail.class);
        }
        ConnectionId attempt =
                new ConnectionId(asked.connectionId() == null ? UUID.randomUUID() : asked.connectionId());
        String boundTo = ConsentBinding.of(request);
        saving.connect(connector.row().connectorId(), attempt, agent, token.secret(), end.at(), boundTo);
        return ok(next.await(attempt, boundTo, NextStep.PATIENCE));
    }

    /** @param wait seconds to wait for the next step while there is none, 0 to 30 */
    @GetMapping("/connections/{id}")
    ResponseEntity<ConnectionJson.Answer> connection(
            @PathVariable String id, @RequestParam(defaultValue = "0") int wait, HttpServletRequest request) {
        ConnectionId attempt = Ids.connection(id);
        answers.need(new FindConnection(attempt), ConnectionProgress.class);
        Duration patience = Duration.ofSeconds(Math.max(0, Math.min(30, wait)));
        return ok(next.await(attempt, ConsentBinding.of(request), patience));
    }

    /** Goes on with the issuer that the answer {@code approval_required} named. */
    @PostMapping("/connections/{id}/approve-issuer")
    ResponseEntity<ConnectionJson.Answer> approveIssuer(
            @PathVariable String id, @RequestBody ConnectionJson.Approval body, HttpServletRequest request) {
        ConnectionId attempt = Ids.connection(id);
        issuers.approve(attempt, required("issuer", body.issuer()));
        return ok(next.await(attempt, ConsentBinding.of(request), NextStep.PATIENCE));
    }

    /** Ends an attempt that waits for the approval of an issuer. */
    @PostMapping("/connections/{id}/decline-issuer")
    ResponseEntity<ConnectionJson.Answer> declineIssuer(@PathVariable String id, HttpServletRequest request) {
        ConnectionId attempt = Ids.connection(id);
        issuers.decline(attempt);
        return ok(next.await(attempt, ConsentBinding.of(request), NextStep.PATIENCE));
    }

    /** Accepts that the metadata of one issuer names another, exactly this pair, and connects with that. */
    @PostMapping("/connectors/{id}/issuer-exception")
    ResponseEntity<ConnectionJson.Answer> acceptIssuers(
            @PathVariable String id, @RequestBody ConnectionJson.Acceptance body, HttpServletRequest request) {
        ConnectorDetail connector = answers.need(new FindConnector(Ids.connector(id)), ConnectorDetail.class);
        IssuerException pair =
                new IssuerException(required("expected", body.expected()), required("published", body.published()));
        AgentId agent = body.agentId() == null ? null : Ids.agent(body.agentId());
        if (agent != null) {
            answers.need(new FindAgent(agent), AgentDetail.class);
        }
        ConnectionId attempt = new ConnectionId(body.connectionId() == null ? UUID.randomUUID() : body.connectionId());
        String boundTo = ConsentBinding.of(request);
        saving.acceptIssuers(connector, pair, attempt, agent, boundTo);
        return ok(next.await(attempt, boundTo, NextStep.PATIENCE));
    }

    private static String required(String field, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            throw new WrongFields(Map.of(field, "Name the issuer, byte for byte as the answer had it."));
        }
        return value;
    }

    /** @param agentId whose connection, for per-agent connectors */
    @PostMapping("/connectors/{id}/disconnect")
    ResponseEntity<Void> disconnect(@PathVariable String id, @RequestParam @Nullable String agentId) {
        ConnectorId connector = Ids.connector(id);
        ConnectorDetail what = answers.need(new FindConnector(connector), ConnectorDetail.class);
        AgentId agent = agentId == null ? null : Ids.agent(agentId);
        if (agent != null) {
            answers.need(new FindAgent(agent), AgentDetail.class);
            if (what.settings().mode() == CredentialMode.SHARED) {
                throw new ConnectorRejected("Leave the agent out: the connection of this connector is shared.");
            }
        }
        commands.sendAndWait(new Disconnect(connector, agent, "Disconnected through the API"));
        answers.until(() -> isDisconnected(connector, agent));
        return ResponseEntity.noContent().build();
    }

    private boolean isDisconnected(ConnectorId connector, @Nullable AgentId agent) {
        return agent == null
                ? answers.need(new FindConnector(connector), ConnectorDetail.class)
                                .sharedConnection()
                        == null
                : answers.need(new FindAgent(agent), AgentDetail.class).connections().stream()
                        .noneMatch(own -> own.connectorId().equals(connector) && own.live() != null);
    }

    private static ResponseEntity<ConnectionJson.Answer> ok(ConnectionJson.Answer answer) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(answer);
    }
}
