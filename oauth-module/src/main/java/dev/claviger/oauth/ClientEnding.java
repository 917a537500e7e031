package dev.claviger.oauth;

import dev.claviger.oauth.api.ClientEndQuery.ClientEnd;
import dev.claviger.oauth.api.ClientEndQuery.ClientEnds;
import dev.claviger.oauth.api.ClientEndQuery.FindClientEnds;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistered;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Answers when the secrets of our clients end, and when the key that we sign with changes. */
@Component
class ClientEnding {

    private final ClientRegistrationTable clients;
    private final SigningKeyTable keys;
    private final Duration rotation;

    ClientEnding(
            ClientRegistrationTable clients,
            SigningKeyTable keys,
            @Value("${claviger.oauth.signing-key-rotation:90d}") Duration rotation) {
        this.clients = clients;
        this.keys = keys;
        this.rotation = rotation;
    }

    @QueryHandler
    ClientEnds handle(FindClientEnds query) {
        Instant since = keys.newest().map(SigningKeyTable.Row::createdAt).orElse(null);
        return new ClientEnds(clients.ending().stream().map(ClientEnding::end).toList(), since, changesAt(since));
    }

    private @Nullable Instant changesAt(@Nullable Instant since) {
        return since == null ? null : since.plus(rotation);
    }

    private static ClientEnd end(ClientRow row) {
        ClientRegistered client = row.client();
        return new ClientEnd(
                client.issuer(),
                client.clientId(),
                Objects.requireNonNull(client.clientSecretExpiresAt(), "asked for"),
                row.manageable(),
                row.answer());
    }
}
