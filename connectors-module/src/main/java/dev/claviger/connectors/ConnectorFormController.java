package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorStatus;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.oauth.api.ConsentBinding;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Adding and editing a connector; what can be connected at once goes straight on to Connect. */
@Controller
class ConnectorFormController {

    private final Answers answers;
    private final Saving saving;
    private final SettingsCheck check;

    ConnectorFormController(Answers answers, Saving saving, SettingsCheck check) {
        this.answers = answers;
        this.saving = saving;
        this.check = check;
    }

    @GetMapping("/connectors/new")
    String blank(Model model) {
        return show(model, null, UUID.randomUUID(), UUID.randomUUID(), ConnectorForm.EMPTY, Map.of(), null);
    }

    @PostMapping("/connectors")
    Object create(
            @RequestParam UUID connector,
            @RequestParam UUID attempt,
            @ModelAttribute ConnectorForm form,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect,
            Model model) {
        ConnectorEntry entry = form.entry();
        Map<String, String> errors = entry.errors(check);
        if (entry.isStatic() && entry.isShared() && entry.token().isBlank()) {
            errors.put("token", "Enter the token or key that the server gave you.");
        }
        if (!errors.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return show(model, null, connector, attempt, form, errors, null);
        }
        ConnectorId id = new ConnectorId(connector);
        boolean connects = entry.canConnect();
        try {
            saving.create(id, entry, connects ? new ConnectionId(attempt) : null, ConsentBinding.of(request));
        } catch (ConnectorRejected e) {
            response.setStatus(HttpStatus.CONFLICT.value());
            return refused(model, null, connector, attempt, form, e);
        }
        redirect.addFlashAttribute("flash", entry.name() + " is added.");
        return Go.to(connects ? "/connections/" + attempt : "/connectors/" + connector);
    }

    @GetMapping("/connectors/{id}/edit")
    String edit(@PathVariable String id, Model model) {
        ConnectorDetail connector = present(id);
        return show(
                model,
                connector,
                connector.row().connectorId().value(),
                UUID.randomUUID(),
                ConnectorForm.of(connector.settings()),
                Map.of(),
                null);
    }

    @PostMapping("/connectors/{id}/edit")
    Object save(
            @PathVariable String id,
            @RequestParam UUID attempt,
            @RequestParam(defaultValue = "false") boolean confirmed,
            @RequestParam(defaultValue = "false") boolean back,
            @ModelAttribute ConnectorForm form,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect,
            Model model) {
        ConnectorDetail connector = present(id);
        UUID uuid = connector.row().connectorId().value();
        if (back) {
            return show(model, connector, uuid, attempt, form, Map.of(), null);
        }
        ConnectorEntry entry = form.entry();
        Map<String, String> errors = entry.errors(check);
        if (!errors.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return show(model, connector, uuid, attempt, form, errors, null);
        }
        List<String> drops = saving.drops(connector, entry);
        if (!drops.isEmpty() && !confirmed) {
            return confirm(model, connector, attempt, form, entry, drops);
        }
        boolean connects = connectsAfter(connector, entry);
        try {
            saving.edit(connector, entry, connects ? new ConnectionId(attempt) : null, ConsentBinding.of(request));
        } catch (ConnectorRejected e) {
            response.setStatus(HttpStatus.CONFLICT.value());
            return refused(model, connector, uuid, attempt, form, e);
        }
        redirect.addFlashAttribute("flash", "The changes are saved.");
        return Go.to(connects ? "/connections/" + attempt : "/connectors/" + uuid);
    }

    /** A typed token replaces the one that serves; otherwise only what is not connected goes on to Connect. */
    static boolean connectsAfter(ConnectorDetail before, ConnectorEntry entry) {
        boolean unconnected = before.sharedConnection() == null
                || before.row().status() == ConnectorStatus.NEEDS_CONSENT
                || Drops.endsConnections(before.settings(), entry);
        return entry.canConnect() && (entry.isStatic() || unconnected);
    }

    private ConnectorDetail present(String id) {
        ConnectorDetail connector = answers.need(new FindConnector(Ids.connector(id)), ConnectorDetail.class);
        if (connector.removed()) {
            throw new NotFound("This connector is removed; the audit trail still tells its history.");
        }
        return connector;
    }

    private static String confirm(
            Model model,
            ConnectorDetail connector,
            UUID attempt,
            ConnectorForm form,
            ConnectorEntry entry,
            List<String> drops) {
        model.addAttribute("title", "Save " + connector.row().name() + "?");
        model.addAttribute("section", "connectors");
        model.addAttribute("uuid", connector.row().connectorId().value());
        model.addAttribute("attempt", attempt);
        model.addAttribute("form", form);
        model.addAttribute("drops", drops);
        model.addAttribute("askToken", entry.isStatic() && entry.isShared());
        model.addAttribute("secretKept", Drops.keptClientSecret(connector.settings(), entry.settings(null)) != null);
        model.addAttribute("askClientSecret", entry.authType() == AuthType.OAUTH && entry.clientId() != null);
        return "connectors/confirm-edit";
    }

    /** A refusal that another value would mend stands at its field. */
    private static String refused(
            Model model,
            @Nullable ConnectorDetail stored,
            UUID connector,
            UUID attempt,
            ConnectorForm form,
            ConnectorRejected refusal) {
        String sentence = String.valueOf(refusal.getMessage());
        String field = refusal.field();
        return field == null
                ? show(model, stored, connector, attempt, form, Map.of(), sentence)
                : show(model, stored, connector, attempt, form, Map.of(field, sentence), null);
    }

    private static String show(
            Model model,
            @Nullable ConnectorDetail stored,
            UUID connector,
            UUID attempt,
            ConnectorForm form,
            Map<String, String> errors,
            @Nullable String refusal) {
        model.addAttribute(
                "title",
                stored == null ? "Add a connector" : "Edit " + stored.row().name());
        model.addAttribute("section", "connectors");
        model.addAttribute("editing", stored != null);
        model.addAttribute("uuid", connector);
        model.addAttribute("attempt", attempt);
        model.addAttribute("form", form);
        model.addAttribute("errors", errors);
        model.addAttribute("invalid", !errors.isEmpty());
        model.addAttribute("refusal", refusal);
        model.addAttribute("auth", Map.of(ConnectorEntry.orEmpty(form.authType()), true));
        model.addAttribute("whose", Map.of(ConnectorEntry.orEmpty(form.mode()), true));
        model.addAttribute("tokenStored", stored != null && stored.sharedConnection() != null);
        model.addAttribute(
                "secretStored", stored != null && stored.settings().oauth().clientSecret() != null);
        model.addAttribute(
                "headersOpen",
                ConnectorEntry.orNull(form.customHeaders()) != null || errors.containsKey("customHeaders"));
        model.addAttribute(
                "secretsTyped",
                !TypedSecret.orBlank(form.token()).isBlank()
                        || !TypedSecret.orBlank(form.clientSecret()).isBlank());
        model.addAttribute("advanced", hasAdvanced(form, errors));
        return "connectors/form";
    }

    private static boolean hasAdvanced(ConnectorForm form, Map<String, String> errors) {
        return ConnectorEntry.orNull(form.authorizationEndpoint()) != null
                || ConnectorEntry.orNull(form.tokenEndpoint()) != null
                || ConnectorEntry.orNull(form.clientId()) != null
                || ConnectorEntry.orNull(form.scope()) != null
                || errors.keySet().stream().anyMatch(ConnectorForm.ADVANCED::contains);
    }
}
