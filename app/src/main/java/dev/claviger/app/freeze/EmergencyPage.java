package dev.claviger.app.freeze;

import dev.claviger.app.freeze.FreezeDesk.Acknowledgement;
import dev.claviger.app.freeze.FreezeDesk.FreezeStatus;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.connectors.api.FreezeSubject;
import dev.claviger.connectors.api.Freezing;
import dev.claviger.connectors.api.Freezing.Affected;
import dev.claviger.credentials.api.FreezeId;
import dev.claviger.credentials.api.FreezeRejected;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.view.RedirectView;

/** The page for an emergency: what is frozen and who has acknowledged it, freezing in two steps, thawing with a reason. */
@Controller
class EmergencyPage {

    private static final DateTimeFormatter AT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String PERSON = "person:";

    private static final int THAWED_SHOWN = 20;

    /**
     * One freeze on the page.
     *
     * @param waitsFor the processes that have not acknowledged it, each with its last heartbeat
     */
    record FreezeLine(
            String uuid,
            String name,
            String reason,
            String frozenAt,
            String acknowledged,
            boolean complete,
            List<String> waitsFor,
            @Nullable String thawedAt,
            @Nullable String thawReason,
            @Nullable String frozenBy,
            @Nullable String thawedBy) {}

    private final FreezeDesk desk;
    private final Freezing freezing;
    private final Clock clock;

    EmergencyPage(FreezeDesk desk, Freezing freezing, Clock clock) {
        this.desk = desk;
        this.freezing = freezing;
        this.clock = clock;
    }

    @GetMapping("/emergency")
    String show(Model model) {
        List<FreezeLine> inForce = desk.inForce().stream().map(this::line).toList();
        List<FreezeLine> thawed =
                desk.thawed(THAWED_SHOWN).stream().map(this::line).toList();
        model.addAttribute("title", "Emergency");
        model.addAttribute("section", "emergency");
        model.addAttribute("inForce", inForce);
        model.addAttribute("anyInForce", !inForce.isEmpty());
        model.addAttribute("frozenNow", inForce.size());
        model.addAttribute("thawed", thawed);
        model.addAttribute("anyThawed", !thawed.isEmpty());
        List<String> issuers = freezing.issuers();
        model.addAttribute("issuers", issuers);
        model.addAttribute("anyIssuers", !issuers.isEmpty());
        return "app/emergency";
    }

    @GetMapping("/emergency/freeze")
    String ask(@RequestParam String subject, Model model) {
        return ask(subject(subject), UUID.randomUUID(), "", null, model);
    }

    @PostMapping("/emergency/freeze")
    Object freeze(
            @RequestParam String subject,
            @RequestParam UUID id,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            RedirectAttributes redirect) {
        FreezeStatus status;
        try {
            status = desk.freeze(new FreezeId(id), subject(subject), reason);
        } catch (FreezeRejected e) {
            // A new id, since this one may be used up.
            return ask(subject(subject), UUID.randomUUID(), reason, e.getMessage(), model);
        }
        redirect.addFlashAttribute("flash", status.name() + " is frozen: " + acknowledged(status) + ".");
        return toPage();
    }

    @GetMapping("/emergency/{id}/thaw")
    String askThaw(@PathVariable UUID id, Model model) {
        return askThaw(id, "", null, model);
    }

    @PostMapping("/emergency/{id}/thaw")
    Object thaw(
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String reason,
            Model model,
            RedirectAttributes redirect) {
        FreezeStatus status;
        try {
            status = desk.thaw(new FreezeId(id), reason);
        } catch (FreezeRejected e) {
            return askThaw(id, reason, e.getMessage(), model);
        }
        redirect.addFlashAttribute("flash", status.name() + " is thawed and goes on as before.");
        return toPage();
    }

    private String ask(FreezeSubject subject, UUID id, String reason, @Nullable String refusal, Model model) {
        Affected affected;
        try {
            affected = freezing.affected(subject);
        } catch (ConnectorRejected e) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, e.getMessage());
        }
        model.addAttribute("title", "Freeze");
        model.addAttribute("section", "emergency");
        model.addAttribute("affected", affected);
        model.addAttribute("subject", subject.toString());
        model.addAttribute("freezeId", id.toString());
        model.addAttribute("reason", reason);
        model.addAttribute("refusal", refusal);
        return "app/emergency-freeze";
    }

    private String askThaw(UUID id, String reason, @Nullable String refusal, Model model) {
        FreezeStatus status = desk.find(new FreezeId(id))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such freeze."));
        model.addAttribute("title", "Thaw");
        model.addAttribute("section", "emergency");
        model.addAttribute("freeze", line(status));
        model.addAttribute("reason", reason);
        model.addAttribute("refusal", refusal);
        return "app/emergency-thaw";
    }

    private FreezeLine line(FreezeStatus status) {
        return new FreezeLine(
                status.id().value().toString(),
                status.name(),
                status.reason(),
                AT.format(status.frozenAt()),
                acknowledged(status),
                status.acknowledged() == status.nodes(),
                status.acknowledgements().stream()
                        .filter(one -> one.acknowledgedAt() == null)
                        .map(this::waitsFor)
                        .toList(),
                status.thawedAt() == null ? null : AT.format(status.thawedAt()),
                status.thawReason(),
                who(status.frozenBy()),
                who(status.thawedBy()));
    }

    private static @Nullable String who(@Nullable String actor) {
        return actor != null && actor.startsWith(PERSON) ? actor.substring(PERSON.length()) : actor;
    }

    private String waitsFor(Acknowledgement one) {
        Instant seen = one.seenAt();
        return one.node()
                + (seen == null
                        ? ": it has ended, and holds nothing any more"
                        : ": last heartbeat "
                                + Math.max(
                                        0,
                                        Duration.between(seen, clock.instant()).toSeconds()) + " s ago");
    }

    private static String acknowledged(FreezeStatus status) {
        Long slowest = status.slowestMillis();
        return status.acknowledged() + " of " + status.nodes() + (status.nodes() == 1 ? " node" : " nodes")
                + (slowest == null
                        ? ""
                        : String.format(
                                Locale.ROOT, ", slowest after %.1f s", Objects.requireNonNull(slowest) / 1000.0));
    }

    private static FreezeSubject subject(String text) {
        try {
            return FreezeSubject.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is nothing of this name to freeze.");
        }
    }

    private static RedirectView toPage() {
        RedirectView view = new RedirectView("/emergency");
        view.setStatusCode(HttpStatus.SEE_OTHER);
        return view;
    }
}
