package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorStatus;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.oauth.api.ConsentBinding;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
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
        return show(
                model,
                null,
                UUID.randomUUID(),
                UUID.randomUUID(),
                ConnectorForm.EMPTY,
                OAuthForm.EMPTY,
                Map.of(),
                null);
    }

    @PostMapping("/connectors")
    Object create(
            @RequestParam UUID connector,
            @RequestParam UUID attempt,
            @ModelAttribute ConnectorForm form,
            @ModelAttribute OAuthForm oauth,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect,
            Model model) {
        ConnectorEntry entry = form.entry(oauth);
        Map<String, String> errors = entry.errors(check, OAuthSecrets.NONE);
        if (entry.isStatic() && entry.isShared() && entry.token().isBlank()) {
            errors.put("token", "Enter the token or key that the server gave you.");
        }
        if (!errors.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return show(model, null, connector, attempt, form, oauth, errors, null);
        }
        ConnectorId id = new ConnectorId(connector);
        boolean connects = entry.canConnect();
        try {
            saving.create(id, entry, connects ? new ConnectionId(attempt) : null, ConsentBinding.of(request));
        } catch (ConnectorRejected e) {
            response.setStatus(HttpStatus.CONFLICT.value());
            return refused(model, null, connector, attempt, form, oauth, e);
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
                OAuthForm.of(connector.settings().oauth()),
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
            @ModelAttribute OAuthForm oauth,
            HttpServletRequest request,
            HttpServletResponse response,
            RedirectAttributes redirect,
            Model model) {
        ConnectorDetail connector = present(id);
        UUID uuid = connector.row().connectorId().value();
        if (back) {
            return show(model, connector, uuid, attempt, form, oauth, Map.of(), null);
        }
        ConnectorEntry entry = form.entry(oauth);
        Map<String, String> errors = entry.errors(check, OAuthSecrets.kept(connector.settings(), entry));
        if (!errors.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return show(model, connector, uuid, attempt, form, oauth, errors, null);
        }
        List<String> drops = saving.drops(connector, entry);
        if (!drops.isEmpty() && !confirmed) {
            return confirm(model, connector, attempt, form, oauth, entry, drops);
        }
        boolean connects = connectsAfter(connector, entry);
        try {
            saving.edit(connector, entry, connects ? new ConnectionId(attempt) : null, ConsentBinding.of(request));
        } catch (ConnectorRejected e) {
            response.setStatus(HttpStatus.CONFLICT.value());
            return refused(model, connector, uuid, attempt, form, oauth, e);
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
            OAuthForm oauth,
            ConnectorEntry entry,
            List<String> drops) {
        model.addAttribute("title", "Save " + connector.row().name() + "?");
        model.addAttribute("section", "connectors");
        model.addAttribute("uuid", connector.row().connectorId().value());
        model.addAttribute("attempt", attempt);
        model.addAttribute("form", form);
        model.addAttribute("oauth", oauth);
        model.addAttribute("drops", drops);
        model.addAttribute("askToken", entry.isStatic() && entry.isShared());
        OAuthSecrets kept = OAuthSecrets.kept(connector.settings(), entry);
        boolean client = entry.authType() == AuthType.OAUTH && entry.oauth().clientId() != null;
        // A key typed before is asked for again; the one field says what becomes of the other.
        boolean key = client && (!entry.oauth().privateKey().isBlank() || kept.privateKey() != null);
        model.addAttribute("secretKept", kept.clientSecret() != null);
        model.addAttribute("askClientSecret", client && !key);
        model.addAttribute("keyKept", kept.privateKey() != null);
        model.addAttribute("askPrivateKey", key);
        model.addAttribute("idpSecretKept", kept.identityProviderSecret() != null);
        model.addAttribute("subjectTokenKept", kept.subjectToken() != null);
        model.addAttribute(
                "askIdentity",
                entry.authType() == AuthType.OAUTH && entry.oauth().grant() == Grant.ENTERPRISE_MANAGED);
        return "connectors/confirm-edit";
    }

    /** A refusal that another value would mend stands at its field. */
    private static String refused(
            Model model,
            @Nullable ConnectorDetail stored,
            UUID connector,
            UUID attempt,
            ConnectorForm form,
            OAuthForm oauth,
            ConnectorRejected refusal) {
        String sentence = String.valueOf(refusal.getMessage());
        String field = refusal.field();
        return field == null
                ? show(model, stored, connector, attempt, form, oauth, Map.of(), sentence)
                : show(model, stored, connector, attempt, form, oauth, Map.of(field, sentence), null);
    }

    private static String show(
            Model model,
            @Nullable ConnectorDetail stored,
            UUID connector,
            UUID attempt,
            ConnectorForm form,
            OAuthForm oauth,
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
        model.addAttribute("oauth", oauth);
        // A dot in a name leads a template into a part that is not there.
        model.addAttribute(
                "errors",
                errors.entrySet().stream()
                        .collect(Collectors.toMap(error -> error.getKey().replace('.', '_'), Map.Entry::getValue)));
        model.addAttribute("invalid", !errors.isEmpty());
        model.addAttribute("refusal", refusal);
        model.addAttribute("auth", Map.of(ConnectorEntry.orEmpty(form.authType()), true));
        model.addAttribute("whose", Map.of(ConnectorEntry.orEmpty(form.mode()), true));
        model.addAttribute("tokenStored", stored != null && stored.sharedConnection() != null);
        model.addAttribute(
                "stored",
                stored == null
                        ? OAuthSecrets.NONE
                        : OAuthSecrets.of(stored.settings().oauth()));
        model.addAttribute(
                "headersOpen",
                ConnectorEntry.orNull(form.customHeaders()) != null || errors.containsKey("customHeaders"));
        model.addAttribute(
                "accountOpen",
                ConnectorEntry.orNull(form.accountTool()) != null || errors.containsKey(SettingsCheck.ACCOUNT_TOOL));
        model.addAttribute("secretsTyped", !TypedSecret.orBlank(form.token()).isBlank() || oauth.hasSecrets());
        model.addAttribute("grant", Map.of(ConnectorEntry.orEmpty(oauth.grant()), true));
        model.addAttribute("way", Map.of(ConnectorEntry.orEmpty(oauth.resourceWay()), true));
        model.addAttribute(
                "advanced",
                oauth.isManual() || errors.keySet().stream().anyMatch(SettingsCheck.OAUTH_FIELDS::contains));
        return "connectors/form";
    }
}
