package dev.claviger.app.audit;

import static java.util.Map.entry;

import dev.claviger.credentials.api.FingerprintSearch.SealedSecret;
import dev.claviger.credentials.api.Secret;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.server.ResponseStatusException;

/** Page and API that answer which credential a found token is. The token comes in a body, never in an address. */
@Controller
class LeakController {

    private final Leak leak;

    LeakController(Leak leak) {
        this.leak = leak;
    }

    /** @param secret what was found, with or without {@code Bearer}; it is hashed and forgotten */
    record Question(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable
            LeakedSecret secret) {}

    @GetMapping("/keys/leaked")
    String form(Model model) {
        return page(model);
    }

    /** Answers on the spot, without a redirect: neither session nor address is to hold the answer. */
    @PostMapping("/keys/leaked")
    String ask(@RequestParam(name = "secret", required = false) @Nullable LeakedSecret pasted, Model model) {
        Optional<Secret> secret = pasted == null ? Optional.empty() : pasted.secret();
        if (secret.isEmpty()) {
            model.addAttribute("error", "Paste the token, at most 20,000 characters.");
            return page(model);
        }
        Leak.Answer answer = leak.about(secret.get());
        // Not the answer itself: its members would hide what is made readable here.
        model.addAttribute("answer", Map.of("fingerprint", answer.fingerprint()));
        model.addAttribute("unknown", answer.secrets().isEmpty());
        model.addAttribute("more", answer.more());
        model.addAttribute(
                "sealedAs", answer.secrets().stream().map(LeakController::line).toList());
        model.addAttribute(
                "holders",
                answer.credentials().stream().map(LeakController::line).toList());
        model.addAttribute(
                "told",
                answer.history().stream()
                        .map(mention -> Map.of(
                                "at",
                                Moments.toSeconds(mention.at()),
                                "sentence",
                                mention.sentence(),
                                "attempt",
                                mention.attempt() == null
                                        ? ""
                                        : mention.attempt().toString()))
                        .toList());
        return page(model);
    }

    /** Which sealed secret a found token is, which credential it belongs to, and its history. */
    @PostMapping("/api/v1/fingerprints/search")
    @ResponseBody
    Leak.Answer search(@RequestBody Question question) {
        LeakedSecret pasted = question.secret();
        return leak.about((pasted == null ? Optional.<Secret>empty() : pasted.secret())
                .orElseThrow(() -> new ResponseStatusException(
                        HttpStatus.UNPROCESSABLE_CONTENT, "Send the token as secret, at most 20,000 characters.")));
    }

    private static String page(Model model) {
        model.addAttribute("title", "Whose token is this?");
        model.addAttribute("section", "keys");
        return "app/leaked";
    }

    private static Map<String, Object> line(SealedSecret secret) {
        return Map.of(
                "purpose",
                words(secret.purpose().name()),
                "sealed",
                Moments.toSeconds(secret.sealedAt()),
                "shredded",
                secret.shreddedAt() == null ? "" : Moments.toSeconds(secret.shreddedAt()));
    }

    private static Map<String, Object> line(Leak.Holder holder) {
        return Map.ofEntries(
                entry("credential", holder.credentialId().toString()),
                entry("attempt", holder.credentialId().value().toString()),
                entry("connector", holder.connector() == null ? "unknown" : holder.connector()),
                entry(
                        "connectorId",
                        holder.connectorId() == null ? "" : holder.connectorId().toString()),
                entry("agent", agent(holder)),
                entry("generation", holder.generation() == null ? "" : holder.generation()),
                entry("issued", holder.issuedAt() == null ? "" : Moments.toSeconds(holder.issuedAt())),
                entry("inForce", holder.inForce()),
                entry("ending", holder.ending()),
                entry(
                        "state",
                        holder.state() == null
                                ? "unknown"
                                : words(holder.state().name())));
    }

    /** Empty: it is shared. As long as its events have not been read, nothing is known of that. */
    private static String agent(Leak.Holder holder) {
        String name = holder.issuedAt() == null ? "unknown" : holder.agent();
        return name == null ? "" : name;
    }

    private static String words(String name) {
        String words = name.toLowerCase(Locale.ROOT).replace('_', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
