package dev.claviger.oauth;

import dev.claviger.credentials.api.RevocationStep;
import dev.claviger.credentials.api.RevocationStep.Kind;
import dev.claviger.credentials.api.RevocationStep.Outcome;
import dev.claviger.oauth.AuthorizationOutcome.RecordRevocationStep;
import dev.claviger.oauth.api.AuthorizationEvent.ClientObtained;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.ClientOrigin;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Says what becomes of our client at an authorization server when a connection that used it has ended. That it is deleted
 * in the end, {@code ClientRegistrationDeleted} tells of all connections at once.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7592#section-2.3">RFC 7592 section 2.3</a>
 */
@Component
class ClientStep {

    private final ClientRegistrationTable clients;
    private final Clock clock;
    private final Duration keepUnused;

    ClientStep(
            ClientRegistrationTable clients,
            Clock clock,
            @Value("${claviger.oauth.keep-unused-client:1h}") Duration keepUnused) {
        this.clients = clients;
        this.clock = clock;
        this.keepUnused = keepUnused;
    }

    /** When the tokens are revoked. */
    RecordRevocationStep after(AuthorizationRow row) {
        ClientObtained client = row.obtained();
        if (client.registration() == null) {
            return new RecordRevocationStep(
                    row.id(),
                    step(
                            Outcome.NOT_SUPPORTED,
                            client.origin() == ClientOrigin.METADATA_DOCUMENT
                                    ? "Claviger is known there by its metadata document; nothing is registered that could be"
                                            + " deleted."
                                    : "The client was entered by hand, so Claviger does not delete it. If nothing else uses"
                                            + " it, remove it at the provider by hand.",
                            null));
        }
        return new RecordRevocationStep(
                row.id(), registered(row.id(), client), client.registration(), client.clientId());
    }

    /** When the client has been kept unused for a while and somebody uses it after all. */
    RecordRevocationStep kept(AuthorizationId id, ClientJob client, int users) {
        return new RecordRevocationStep(id, kept(users), client.registrationId(), client.clientId());
    }

    private RevocationStep registered(AuthorizationId id, ClientObtained client) {
        ClientRow row = clients.find(Objects.requireNonNull(client.registration()), client.clientId())
                .orElse(null);
        if (row == null) {
            return step(Outcome.GIVEN_UP, "The registration is not known any more. Remove the client by hand.", null);
        }
        return switch (row.state()) {
            case DELETED -> step(Outcome.DONE, "The provider has deleted it before.", null);
            case ORPHANED ->
                step(
                        Outcome.GIVEN_UP,
                        "The provider did not delete it: " + row.answer() + ". Remove the client there by hand.",
                        null);
            case IN_FORCE, RETIRED -> pending(id, client, row);
        };
    }

    private RevocationStep pending(AuthorizationId id, ClientObtained client, ClientRow row) {
        int others = clients.users(Objects.requireNonNull(client.registration()), client.clientId(), id);
        if (others > 0) {
            return kept(others);
        }
        Instant when = row.state() == ClientState.RETIRED
                ? clock.instant()
                : clock.instant().plus(keepUnused);
        return step(
                Outcome.WAITING,
                "Nothing else uses it; it is deleted at the provider unless somebody connects again before.",
                when);
    }

    private RevocationStep kept(int others) {
        return step(
                Outcome.KEPT,
                "Kept, because " + others + (others == 1 ? " other connection uses" : " other connections use")
                        + " it; the last of them takes it along.",
                null);
    }

    private RevocationStep step(Outcome outcome, String detail, @Nullable Instant next) {
        return new RevocationStep(Kind.CLIENT, outcome, detail, clock.instant(), next);
    }
}
