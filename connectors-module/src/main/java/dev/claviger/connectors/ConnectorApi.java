package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorCommand.RemoveConnector;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorPage;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorQuery.FindConnectors;
import dev.claviger.oauth.api.ConsentBinding;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
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

/** Admin API: connectors. */
@RestController
@RequestMapping("/api/v1/connectors")
class ConnectorApi {

    private static final int PAGE = 50;

    private final Answers answers;
    private final Saving saving;
    private final SettingsCheck check;
    private final CommandGateway commands;
    private final String publicUrl;

    ConnectorApi(
            Answers answers,
            Saving saving,
            SettingsCheck check,
            CommandGateway commands,
            @Value("${claviger.public-url}") String publicUrl) {
        this.answers = answers;
        this.saving = saving;
        this.check = check;
        this.commands = commands;
        this.publicUrl = publicUrl;
    }

    @GetMapping
    ConnectorJson.Page list(
            @RequestParam @Nullable String search,
            @RequestParam(defaultValue = "false") boolean attention,
            @RequestParam @Nullable Integer offset,
            @RequestParam @Nullable Integer limit) {
        ConnectorPage page = answers.one(
                new FindConnectors(Pager.search(search), attention, Pager.offset(offset), Pager.limit(limit, PAGE)),
                ConnectorPage.class);
        return new ConnectorJson.Page(
                page.items().stream()
                        .map(row -> ConnectorJson.Line.of(row, publicUrl))
                        .toList(),
                page.total());
    }

    @GetMapping("/{id}")
    ConnectorJson.Whole one(@PathVariable String id) {
        return ConnectorJson.Whole.of(present(Ids.connector(id)), publicUrl);
    }

    /** Creates, and connects at once what needs no consent: with the shared token that comes along, or without any. */
    @PostMapping
    ResponseEntity<ConnectorJson.Whole> create(@RequestBody ConnectorJson.Body body, HttpServletRequest request) {
        ConnectorEntry entry = body.entry();
        check(entry, OAuthSecrets.NONE);
        ConnectorId id = new ConnectorId(body.id() == null ? UUID.randomUUID() : body.id());
        boolean connects = entry.connectsByItself();
        saving.create(id, entry, connects ? new ConnectionId(UUID.randomUUID()) : null, ConsentBinding.of(request));
        return ResponseEntity.created(URI.create(publicUrl + "/api/v1/connectors/" + id.value()))
                .body(ConnectorJson.Whole.of(present(id), publicUrl));
    }

    /** @param drop agrees to losing what no longer fits; without it such a change is refused with what would be lost */
    @PutMapping("/{id}")
    ConnectorJson.Whole edit(
            @PathVariable String id,
            @RequestParam(defaultValue = "false") boolean drop,
            @RequestBody ConnectorJson.Body body,
            HttpServletRequest request) {
        ConnectorDetail before = present(Ids.connector(id));
        ConnectorEntry entry = body.entry();
        check(entry, OAuthSecrets.kept(before.settings(), entry));
        List<String> drops = saving.drops(before, entry);
        if (!drops.isEmpty() && !drop) {
            throw new WouldDrop(drops);
        }
        boolean connects = entry.connectsByItself() && ConnectorFormController.connectsAfter(before, entry);
        saving.edit(before, entry, connects ? new ConnectionId(UUID.randomUUID()) : null, ConsentBinding.of(request));
        return ConnectorJson.Whole.of(present(before.row().connectorId()), publicUrl);
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> remove(@PathVariable String id) {
        ConnectorId connector = present(Ids.connector(id)).row().connectorId();
        commands.sendAndWait(new RemoveConnector(connector));
        answers.until(() -> answers.need(new FindConnector(connector), ConnectorDetail.class)
                .removed());
        return ResponseEntity.noContent().build();
    }

    private void check(ConnectorEntry entry, OAuthSecrets kept) {
        Map<String, String> errors = entry.errors(check, kept);
        if (!errors.isEmpty()) {
            throw new WrongFields(errors);
        }
    }

    private ConnectorDetail present(ConnectorId id) {
        ConnectorDetail connector = answers.need(new FindConnector(id), ConnectorDetail.class);
        if (connector.removed()) {
            throw new NotFound("This connector is removed.");
        }
        return connector;
    }
}
