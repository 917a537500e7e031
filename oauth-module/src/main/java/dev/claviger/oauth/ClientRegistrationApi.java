package dev.claviger.oauth;

import dev.claviger.credentials.api.PrefixedId;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.oauth.api.ClientRegistrationId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Admin API: the clients that authorization servers registered for us (RFC 7591), and their management (RFC 7592). */
@RestController
@RequestMapping("/api/v1/client-registrations")
class ClientRegistrationApi {

    private static final int MOST = 1_000;

    /**
     * A client without its secrets.
     *
     * @param registrationId of issuer and redirect URI: the same for a client and the one that takes its place
     * @param state {@code in_force}, {@code retired}, {@code deleted} or {@code orphaned}
     * @param clientSecretExpiresAt null: never, or there is none
     * @param manageable whether the authorization server gave a way to read, update and delete it
     * @param inUse whether an authorization may still use it
     * @param retiredBecause a sentence; null: it is in force
     * @param answer of the authorization server when it was last asked, in words
     */
    record Registration(
            ClientRegistrationId registrationId,
            String issuer,
            String redirectUri,
            String clientId,
            String tokenEndpointAuthMethod,
            String state,
            Instant registeredAt,
            @Nullable Instant clientSecretExpiresAt,
            boolean manageable,
            boolean inUse,
            @Nullable String retiredBecause,
            @Nullable String answer,
            @Nullable Instant answeredAt) {}

    record Registrations(List<Registration> items, int offset, int limit, int total) {}

    private final ClientRegistrationTable clients;
    private final ClientDesk desk;

    ClientRegistrationApi(ClientRegistrationTable clients, ClientDesk desk) {
        this.clients = clients;
        this.desk = desk;
    }

    /**
     * Those in force first, of each kind the newest first.
     *
     * @param limit 1 to 1,000
     */
    @GetMapping
    Registrations list(@RequestParam(defaultValue = "0") int offset, @RequestParam(defaultValue = "100") int limit) {
        int from = Math.max(0, offset);
        int most = Math.min(MOST, Math.max(1, limit));
        return new Registrations(
                clients.page(from, most).stream().map(this::json).toList(), from, most, clients.count());
    }

    /** Retires the client in force; the next authorization registers another. Answers the retired one. */
    @PostMapping("/{id}/register-again")
    Registration registerAgain(@PathVariable String id) {
        return json(desk.registerAgain(id(id)));
    }

    /** Asks the authorization server about the client in force, now, and keeps what it answers. */
    @PostMapping("/{id}/check")
    Registration check(@PathVariable String id) {
        return json(desk.check(id(id)));
    }

    /** The bare UUID does as well as the prefixed form. */
    static ClientRegistrationId id(String text) {
        try {
            return text.startsWith("client-registration:")
                    ? new ClientRegistrationId(PrefixedId.parse("client-registration", text))
                    : new ClientRegistrationId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new NoSuchClient();
        }
    }

    private Registration json(ClientRow row) {
        var client = row.client();
        return new Registration(
                client.registrationId(),
                client.issuer(),
                client.redirectUri(),
                client.clientId(),
                client.tokenEndpointAuthMethod(),
                row.state().name().toLowerCase(Locale.ROOT),
                row.registeredAt(),
                client.clientSecretExpiresAt(),
                row.manageable(),
                clients.isUsed(client.registrationId(), client.clientId()),
                row.retiredBecause(),
                row.answer(),
                row.answeredAt());
    }

    @ExceptionHandler
    ProblemDetail notFound(NoSuchClient refusal) {
        return problem(HttpStatus.NOT_FOUND, "Not found", refusal.getReason());
    }

    @ExceptionHandler
    ProblemDetail unreachable(Unreachable refusal) {
        return problem(HttpStatus.SERVICE_UNAVAILABLE, "Try later", refusal.getMessage());
    }

    private static ProblemDetail problem(HttpStatus status, String title, @Nullable String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, String.valueOf(detail));
        problem.setTitle(title);
        return problem;
    }
}
