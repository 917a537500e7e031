package dev.claviger.oauth;

import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.outbound.ExchangeScope;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.credentials.vault.SecretUnreadable;
import dev.claviger.credentials.vault.Shredder;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.RegistrationOutcome.RecordAnswer;
import dev.claviger.oauth.RegistrationOutcome.RecordDeletion;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistered;
import dev.claviger.oauth.protocol.ClientManagement;
import dev.claviger.oauth.protocol.ClientManagement.Known;
import dev.claviger.oauth.protocol.ManagementAnswer;
import dev.claviger.oauth.protocol.ManagementAnswer.Nothing;
import dev.claviger.oauth.protocol.ManagementAnswer.Stands;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Asks authorization servers about our clients there and keeps what they answer (RFC 7592). One at a time about each
 * client, because an answer may replace what the next question needs.
 */
@Component
class AskAboutClient {

    private final ClientRegistrationTable clients;
    private final AuthorizationTable authorizations;
    private final OutboundClient outbound;
    private final Vault vault;
    private final Shredder shredder;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;

    AskAboutClient(
            ClientRegistrationTable clients,
            AuthorizationTable authorizations,
            OutboundClient outbound,
            Vault vault,
            Shredder shredder,
            OneTransaction oneTransaction,
            CommandGateway commands) {
        this.clients = clients;
        this.authorizations = authorizations;
        this.outbound = outbound;
        this.vault = vault;
        this.shredder = shredder;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
    }

    /** @throws Unreachable also while somebody else asks about the same client */
    void read(ClientRegistered client) {
        alone(client, () -> ask(fresh(client), "it was read", (management, known) -> management.read()));
    }

    /** Has everything written anew as it was returned last; to be read before. */
    void update(ClientRegistered client) {
        alone(client, () -> {
            ClientRegistered now = fresh(client);
            String metadata = now.metadata();
            if (metadata == null) {
                record(now, new Nothing("it returned no metadata that could be sent back, so it was not updated"), "");
            } else {
                ask(now, "it was updated", (management, known) -> management.update(known, metadata));
            }
        });
    }

    /** Of a retired client. */
    void delete(ClientRegistered client) {
        alone(client, () -> {
            try {
                ClientManagement management = management(fresh(client));
                OutboundResponse response = send(management.delete());
                recordDeletion(client, management.isDeleted(response), management.words(response));
            } catch (CannotAsk e) {
                recordDeletion(client, false, e.words);
            }
        });
    }

    /** What is true of every question that was never answered. */
    void recordSilence(ClientRegistered client, String words) {
        record(fresh(client), new Nothing(words), "");
    }

    void recordDeletion(ClientRegistered client, boolean deleted, String words) {
        commands.sendAndWait(new RecordDeletion(client.registrationId(), client.clientId(), deleted, words));
    }

    @SuppressWarnings("try")
    private void alone(ClientRegistered client, Runnable exchange) {
        if (!clients.beginAsking(client.registrationId(), client.clientId())) {
            throw new Unreachable("Another question about this client is under way.", false, null);
        }
        try (ExchangeScope scope = ExchangeScope.of(client.registeredFor().value())) {
            exchange.run();
        } finally {
            clients.endAsking(client.registrationId(), client.clientId());
        }
    }

    private void ask(
            ClientRegistered client, String done, BiFunction<ClientManagement, Known, OutboundRequest> question) {
        ManagementAnswer answer;
        try {
            Known known = new Known(
                    client.clientId(),
                    opened(SecretPurpose.CLIENT_SECRET, client.clientSecret()),
                    client.clientSecretExpiresAt(),
                    client.tokenEndpointAuthMethod());
            ClientManagement management = management(client);
            answer = management.answer(send(question.apply(management, known)), known);
        } catch (CannotAsk e) {
            answer = new Nothing(e.words);
        }
        record(client, answer, done);
    }

    private OutboundResponse send(OutboundRequest request) {
        try {
            return outbound.send(request);
        } catch (Untrusted e) {
            throw new CannotAsk("its answer could not be had. " + e.getMessage());
        }
    }

    private ClientManagement management(ClientRegistered client) {
        SecretRef token = client.registrationAccessToken();
        String uri = client.registrationClientUri();
        if (token == null || uri == null) {
            throw new CannotAsk("it gave us no way to manage the client");
        }
        List<String> servers = new ArrayList<>(List.of(client.issuer()));
        authorizations
                .find(client.registeredFor())
                .map(row -> row.discovered().registrationEndpoint())
                .ifPresent(servers::add);
        return attempt(() -> ClientManagement.of(
                uri,
                Objects.requireNonNull(opened(SecretPurpose.REGISTRATION_ACCESS_TOKEN, token)),
                servers,
                outbound));
    }

    private @Nullable Secret opened(SecretPurpose purpose, @Nullable SecretRef ref) {
        return ref == null ? null : attempt(() -> vault.open(purpose, ref));
    }

    private static <T> T attempt(Supplier<T> preparation) {
        try {
            return preparation.get();
        } catch (SecretUnreadable e) {
            throw new CannotAsk("the secrets could not be opened any more, so it was not asked");
        } catch (Untrusted e) {
            throw new CannotAsk("it was not asked. " + e.getMessage());
        }
    }

    private void record(ClientRegistered client, ManagementAnswer answer, String done) {
        oneTransaction.runWithPatience(() -> {
            if (answer instanceof Stands stands) {
                recordStanding(client, stands, done);
            } else {
                commands.sendAndWait(outcome(
                        client,
                        client.clientSecret(),
                        client.registrationAccessToken(),
                        null,
                        ((Nothing) answer).words()));
            }
        });
    }

    private void recordStanding(ClientRegistered client, Stands stands, String done) {
        SecretRef secret = inPlaceOf(
                stands.keepsSecret() ? client.clientSecret() : null,
                SecretPurpose.CLIENT_SECRET,
                stands.clientSecret());
        SecretRef token = inPlaceOf(
                client.registrationAccessToken(),
                SecretPurpose.REGISTRATION_ACCESS_TOKEN,
                stands.registrationAccessToken());
        boolean renewed = secret != null && !secret.equals(client.clientSecret());
        boolean accepted = commands.<Boolean>sendAndWait(outcome(
                client,
                secret,
                token,
                stands,
                done + (renewed ? ", and a new client secret came" : "; the client is as it was known")));
        if (!accepted) {
            shredUnless(client.clientSecret(), secret);
            shredUnless(client.registrationAccessToken(), token);
        }
    }

    private static RecordAnswer outcome(
            ClientRegistered client,
            @Nullable SecretRef secret,
            @Nullable SecretRef token,
            @Nullable Stands stands,
            String answer) {
        String uri = stands == null ? null : stands.registrationClientUri();
        return new RecordAnswer(
                client.registrationId(),
                client.clientId(),
                client.clientSecret(),
                client.registrationAccessToken(),
                secret,
                stands == null ? client.clientSecretExpiresAt() : stands.clientSecretExpiresAt(),
                stands == null ? client.tokenEndpointAuthMethod() : stands.tokenEndpointAuthMethod(),
                token,
                uri == null ? client.registrationClientUri() : uri,
                stands == null ? client.metadata() : stands.metadata(),
                answer);
    }

    private @Nullable SecretRef inPlaceOf(@Nullable SecretRef ours, SecretPurpose purpose, @Nullable Secret sent) {
        return sent == null ? ours : vault.seal(purpose, sent);
    }

    private void shredUnless(@Nullable SecretRef ours, @Nullable SecretRef other) {
        if (other != null && !other.equals(ours)) {
            shredder.shred(other, "it came for a client that is not as it was when the question was asked");
        }
    }

    private ClientRegistered fresh(ClientRegistered client) {
        return clients.find(client.registrationId(), client.clientId())
                .orElseThrow()
                .client();
    }

    /** Words for the history: the end of a sentence. */
    private static final class CannotAsk extends RuntimeException {
        private final String words;

        CannotAsk(String words) {
            super(words);
            this.words = words;
        }
    }
}
