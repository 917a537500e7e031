package dev.claviger.connectors;

import dev.claviger.connectors.AccountDecisions.AccountTool;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentDetail;
import dev.claviger.connectors.api.AgentQuery.FindAgent;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.ExpectedAccount;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorQuery.FindExpectedAccount;
import dev.claviger.oauth.api.ConsentBinding;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Admin API: whose account a connection should be, and what becomes of one that brought another. */
@RestController
@RequestMapping("/api/v1")
class AccountApi {

    /**
     * @param agentId whose slot, for per-agent connectors
     * @param expected subject, e-mail address or user name, compared letter by letter; absent or blank: whoever connects
     *     next is right
     */
    record Expectation(@Nullable String agentId, @Nullable String expected) {}

    /** @param tool by the name that the server lists; absent or blank: none is asked */
    record Asked(@Nullable String tool) {}

    private final Answers answers;
    private final AccountDecisions decisions;
    private final NextStep next;

    AccountApi(Answers answers, AccountDecisions decisions, NextStep next) {
        this.answers = answers;
        this.decisions = decisions;
        this.next = next;
    }

    /** Goes on with the account that the answer {@code account_confirmation_required} named. */
    @PostMapping("/connections/{id}/accept-account")
    ResponseEntity<ConnectionJson.Answer> accept(@PathVariable String id, HttpServletRequest request) {
        ConnectionId attempt = Ids.connection(id);
        decisions.accept(attempt);
        return answer(attempt, request);
    }

    /** Ends the attempt and has the new credential revoked. */
    @PostMapping("/connections/{id}/discard-account")
    ResponseEntity<ConnectionJson.Answer> discard(@PathVariable String id, HttpServletRequest request) {
        ConnectionId attempt = Ids.connection(id);
        decisions.discard(attempt);
        return answer(attempt, request);
    }

    /** @param agentId whose slot, for per-agent connectors */
    @GetMapping("/connectors/{id}/expected-account")
    ExpectedAccount expected(@PathVariable String id, @RequestParam @Nullable String agentId) {
        return answers.one(new FindExpectedAccount(known(id), agent(agentId)), ExpectedAccount.class);
    }

    @PutMapping("/connectors/{id}/expected-account")
    ExpectedAccount expect(@PathVariable String id, @RequestBody Expectation body) {
        decisions.expect(known(id), agent(body.agentId()), body.expected());
        return expected(id, body.agentId());
    }

    /** Who says whose account it is, where the provider does not tell. */
    @GetMapping("/connectors/{id}/account-tool")
    AccountTool tool(@PathVariable String id) {
        return decisions.tool(connector(id));
    }

    /** Has a tool asked from the next connect on. It is called without arguments, with each new credential. */
    @PutMapping("/connectors/{id}/account-tool")
    AccountTool ask(@PathVariable String id, @RequestBody Asked body) {
        decisions.ask(connector(id), body.tool());
        return tool(id);
    }

    private ResponseEntity<ConnectionJson.Answer> answer(ConnectionId attempt, HttpServletRequest request) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(next.await(attempt, ConsentBinding.of(request), NextStep.PATIENCE));
    }

    private @Nullable AgentId agent(@Nullable String agentId) {
        if (agentId == null) {
            return null;
        }
        AgentId agent = Ids.agent(agentId);
        answers.need(new FindAgent(agent), AgentDetail.class);
        return agent;
    }

    private ConnectorId known(String id) {
        return connector(id).row().connectorId();
    }

    private ConnectorDetail connector(String id) {
        return answers.need(new FindConnector(Ids.connector(id)), ConnectorDetail.class);
    }
}
