package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentCommand.CreateAgent;
import dev.claviger.connectors.api.AgentCommand.EditAgent;
import dev.claviger.connectors.api.AgentCommand.RemoveAgent;
import dev.claviger.connectors.api.AgentCommand.RevokeAgentKey;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentDetail;
import dev.claviger.connectors.api.AgentQuery.AgentPage;
import dev.claviger.connectors.api.AgentQuery.AgentUses;
import dev.claviger.connectors.api.AgentQuery.FindAgent;
import dev.claviger.connectors.api.AgentQuery.FindAgentUses;
import dev.claviger.connectors.api.AgentQuery.FindAgents;
import dev.claviger.connectors.api.AgentQuery.FindRemovedAgent;
import dev.claviger.connectors.api.AgentQuery.RemovedAgent;
import dev.claviger.connectors.api.AgentQuery.UsesBefore;
import dev.claviger.connectors.api.AgentRejected;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Admin API: agents, their keys and their tools. */
@RestController
@RequestMapping("/api/v1/agents")
class AgentApi {

    private static final int PAGE = 50;

    private final Answers answers;
    private final CommandGateway commands;
    private final AgentKeys keys;
    private final ToolChoice choice;

    AgentApi(Answers answers, CommandGateway commands, AgentKeys keys, ToolChoice choice) {
        this.answers = answers;
        this.commands = commands;
        this.keys = keys;
        this.choice = choice;
    }

    @GetMapping
    AgentJson.Page list(
            @RequestParam @Nullable String search,
            @RequestParam @Nullable Integer offset,
            @RequestParam @Nullable Integer limit) {
        AgentPage page = answers.one(
                new FindAgents(Pager.search(search), Pager.offset(offset), Pager.limit(limit, PAGE)), AgentPage.class);
        return new AgentJson.Page(page.items().stream().map(AgentJson.Line::of).toList(), page.total());
    }

    @GetMapping("/{id}")
    AgentJson.Whole one(@PathVariable String id) {
        return AgentJson.Whole.of(find(Ids.agent(id)));
    }

    @PostMapping
    ResponseEntity<AgentJson.Whole> create(@RequestBody AgentJson.Body body) {
        AgentEntry entry = checked(body);
        AgentId id = new AgentId(body.id() == null ? UUID.randomUUID() : body.id());
        commands.sendAndWait(new CreateAgent(id, entry.name(), entry.description()));
        answers.until(() -> answers.maybe(new FindAgent(id), AgentDetail.class).isPresent());
        return ResponseEntity.status(HttpStatus.CREATED).body(AgentJson.Whole.of(find(id)));
    }

    @PutMapping("/{id}")
    AgentJson.Whole edit(@PathVariable String id, @RequestBody AgentJson.Body body) {
        AgentId agent = find(Ids.agent(id)).agentId();
        AgentEntry entry = checked(body);
        commands.sendAndWait(new EditAgent(agent, entry.name(), entry.description()));
        answers.until(() -> find(agent).name().equals(entry.name())
                && find(agent).description().equals(entry.description()));
        return AgentJson.Whole.of(find(agent));
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> remove(@PathVariable String id) {
        AgentId agent = find(Ids.agent(id)).agentId();
        commands.sendAndWait(new RemoveAgent(agent));
        answers.until(
                () -> answers.maybe(new FindAgent(agent), AgentDetail.class).isEmpty());
        return ResponseEntity.noContent().build();
    }

    /** Issues a key and shows it, this once. While two are valid no third is issued: revoke one first. */
    @PostMapping("/{id}/keys")
    ResponseEntity<AgentJson.NewKey> issueKey(
            @PathVariable String id, @RequestBody(required = false) AgentJson.@Nullable KeyBody body) {
        AgentId agent = find(Ids.agent(id)).agentId();
        UUID keyId = body == null || body.id() == null ? UUID.randomUUID() : body.id();
        String key = keys.issue(agent, keyId)
                .orElseThrow(() ->
                        new AgentRejected("A key of this id was issued before and was shown then; issue another one."));
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(new AgentJson.NewKey(keyId, key));
    }

    @DeleteMapping("/{id}/keys/{key}")
    ResponseEntity<Void> revokeKey(@PathVariable String id, @PathVariable UUID key) {
        commands.sendAndWait(new RevokeAgentKey(find(Ids.agent(id)).agentId(), key));
        return ResponseEntity.noContent().build();
    }

    /** Sets the tools of one connector that the agent may use, by the names the server gave them; {@code ["*"]}: all it has now. */
    @PutMapping("/{id}/tools/{connector}")
    AgentJson.Whole chooseTools(
            @PathVariable String id, @PathVariable String connector, @RequestBody AgentJson.Tools body) {
        AgentId agent = find(Ids.agent(id)).agentId();
        ConnectorId from = answers.need(new FindConnector(Ids.connector(connector)), ConnectorDetail.class)
                .row()
                .connectorId();
        List<String> asked = body.named();
        Set<String> tools = asked.equals(List.of("*")) ? choice.all(from) : new LinkedHashSet<>(asked);
        choice.save(agent, from, tools);
        return AgentJson.Whole.of(find(agent));
    }

    /**
     * What the agent asked for and was answered, newest first; also of a removed agent.
     *
     * @param before {@code next} of the answer before
     */
    @GetMapping("/{id}/uses")
    AgentJson.Uses uses(
            @PathVariable String id, @RequestParam @Nullable String before, @RequestParam @Nullable Integer limit) {
        AgentId agent = Ids.agent(id);
        if (answers.maybe(new FindAgent(agent), AgentDetail.class).isEmpty()) {
            answers.need(new FindRemovedAgent(agent), RemovedAgent.class);
        }
        AgentUses uses =
                answers.one(new FindAgentUses(agent, place(before), Pager.limit(limit, PAGE)), AgentUses.class);
        return new AgentJson.Uses(
                uses.items(), uses.next() == null ? null : uses.next().toString());
    }

    private static @Nullable UsesBefore place(@Nullable String before) {
        try {
            return before == null ? null : UsesBefore.of(before);
        } catch (IllegalArgumentException e) {
            throw new WrongFields(Map.of("before", "Give the `next` of the answer before, or leave it out."));
        }
    }

    private static AgentEntry checked(AgentJson.Body body) {
        AgentEntry entry = AgentEntry.of(body.name(), body.description());
        if (!entry.errors().isEmpty()) {
            throw new WrongFields(entry.errors());
        }
        return entry;
    }

    private AgentDetail find(AgentId id) {
        return answers.need(new FindAgent(id), AgentDetail.class);
    }
}
