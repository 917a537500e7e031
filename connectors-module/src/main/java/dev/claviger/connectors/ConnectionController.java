package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionState;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.FindConnection;
import dev.claviger.connectors.api.ConnectorQuery.FindConnector;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.connectors.api.ReceiptQuery.FindReceipt;
import dev.claviger.connectors.api.ReceiptQuery.Receipt;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.AuthorizationQuery.ConsentLink;
import dev.claviger.oauth.api.AuthorizationQuery.FindConsent;
import dev.claviger.oauth.api.AuthorizationRejected;
import dev.claviger.oauth.api.ConsentBinding;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.view.RedirectView;

/** The wait page: each step of an attempt as it happens, then on to the consent screen or to the result. */
@Controller
class ConnectionController {

    private final Answers answers;
    private final ConnectionStream stream;
    private final Issuers issuers;
    private final Saving saving;
    private final Provenance provenance;
    private final HealthChecks health;
    private final HelpTexts help;
    private final Clock clock;

    ConnectionController(
            Answers answers,
            ConnectionStream stream,
            Issuers issuers,
            Saving saving,
            Provenance provenance,
            HealthChecks health,
            HelpTexts help,
            Clock clock) {
        this.answers = answers;
        this.stream = stream;
        this.issuers = issuers;
        this.saving = saving;
        this.provenance = provenance;
        this.health = health;
        this.help = help;
        this.clock = clock;
    }

    @GetMapping("/connections/{uuid}")
    Object page(
            @PathVariable String uuid, @RequestParam @Nullable String stay, HttpServletRequest request, Model model) {
        ConnectionId id = Ids.connection(uuid);
        answers.until(() -> find(id).isPresent());
        ConnectionProgress progress = find(id).orElseThrow(NotFound::new);
        ConnectionPanel panel = ConnectionPanel.of(progress, help, clock.instant(), isMine(id, request), stay != null);
        if (panel.over() && panel.go() != null) {
            return Go.to(panel.go());
        }
        model.addAttribute("title", panel.heading());
        model.addAttribute("section", panel.agent() == null ? "connectors" : "agents");
        model.addAttribute("panel", panel);
        model.addAttribute("mismatch", issuers.mismatch(progress));
        model.addAttribute("authorization", provenance.authorization(id, grant(progress)));
        model.addAttribute("warning", panel.live() ? provenance.warning(id, clock.instant()) : null);
        health.facts(id).ifPresent(facts -> model.addAttribute("health", HealthPanel.of(facts, clock.instant())));
        model.addAttribute("go", panel.go());
        model.addAttribute(
                "receipt", answers.maybe(new FindReceipt(id), Receipt.class).isPresent());
        model.addAttribute("attempt", UUID.randomUUID());
        return "connectors/connection";
    }

    /** Another grant ends what was obtained by the one before: only of a live connection are the settings still its own. */
    private @Nullable Grant grant(ConnectionProgress progress) {
        return progress.state() != ConnectionState.LIVE
                ? null
                : answers.need(new FindConnector(progress.connectorId()), ConnectorDetail.class)
                        .settings()
                        .oauth()
                        .grant();
    }

    @PostMapping("/connections/{uuid}/approve-issuer")
    RedirectView approveIssuer(@PathVariable String uuid, @RequestParam String issuer) {
        return decided(uuid, attempt -> issuers.approve(attempt, issuer));
    }

    @PostMapping("/connections/{uuid}/decline-issuer")
    RedirectView declineIssuer(@PathVariable String uuid) {
        return decided(uuid, issuers::decline);
    }

    /** One that was decided meanwhile, by the clock or by somebody else, shows on the page. */
    private static RedirectView decided(String uuid, Consumer<ConnectionId> decision) {
        ConnectionId attempt = Ids.connection(uuid);
        try {
            decision.accept(attempt);
        } catch (AuthorizationRejected | ConnectorRejected e) {
            return Go.to("/connections/" + attempt.value() + "?stay");
        }
        return Go.to("/connections/" + attempt.value());
    }

    /** Accepts the very pair of issuers that this attempt failed with, and connects anew. */
    @PostMapping("/connections/{uuid}/accept-issuers")
    RedirectView acceptIssuers(@PathVariable String uuid, @RequestParam UUID attempt, HttpServletRequest request) {
        ConnectionProgress failed = find(Ids.connection(uuid)).orElseThrow(NotFound::new);
        IssuerException pair = issuers.mismatch(failed);
        if (pair == null) {
            return Go.to("/connections/" + uuid + "?stay");
        }
        saving.acceptIssuers(
                answers.need(new FindConnector(failed.connectorId()), ConnectorDetail.class),
                pair,
                new ConnectionId(attempt),
                failed.agentId(),
                ConsentBinding.of(request));
        return Go.to("/connections/" + attempt);
    }

    @GetMapping(path = "/connections/{uuid}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    ResponseEntity<SseEmitter> events(@PathVariable String uuid, HttpServletRequest request) {
        ConnectionId id = Ids.connection(uuid);
        // Proxies must pass each event on at once.
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header("X-Accel-Buffering", "no")
                .body(stream.listen(id, ConsentBinding.of(request)));
    }

    private boolean isMine(ConnectionId id, HttpServletRequest request) {
        return answers.maybe(
                        new FindConsent(new AuthorizationId(id.value()), ConsentBinding.of(request)), ConsentLink.class)
                .isPresent();
    }

    private Optional<ConnectionProgress> find(ConnectionId id) {
        return answers.maybe(new FindConnection(id), ConnectionProgress.class);
    }
}
