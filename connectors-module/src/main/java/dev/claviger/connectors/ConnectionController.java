package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.FindConnection;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.AuthorizationQuery.ConsentLink;
import dev.claviger.oauth.api.AuthorizationQuery.FindConsent;
import dev.claviger.oauth.api.ConsentBinding;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The wait page: each step of an attempt as it happens, then on to the consent screen or to the result. */
@Controller
class ConnectionController {

    private final Answers answers;
    private final ConnectionStream stream;
    private final HelpTexts help;
    private final Clock clock;

    ConnectionController(Answers answers, ConnectionStream stream, HelpTexts help, Clock clock) {
        this.answers = answers;
        this.stream = stream;
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
        model.addAttribute("go", panel.go());
        model.addAttribute("attempt", UUID.randomUUID());
        return "connectors/connection";
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
