package dev.claviger.oauth;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.MasterKeyUnavailable;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.credentials.vault.Shredder;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.AuthorizationOutcome.RecordClient;
import dev.claviger.oauth.AuthorizationOutcome.RecordFailure;
import dev.claviger.oauth.RegistrationOutcome.RecordRegistration;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.api.AuthorizationStep;
import dev.claviger.oauth.api.ClientOrigin;
import dev.claviger.oauth.api.ClientRegistrationEvent.ClientRegistered;
import dev.claviger.oauth.api.ClientRegistrationId;
import dev.claviger.oauth.api.DiscoverySource;
import dev.claviger.oauth.api.OAuthSettings;
import dev.claviger.oauth.protocol.ClientAuthentication;
import dev.claviger.oauth.protocol.ClientMetadataDocument;
import dev.claviger.oauth.protocol.ClientRegistration;
import dev.claviger.oauth.protocol.DefaultRegistrationEndpoint;
import dev.claviger.oauth.protocol.RegistrationEndpoint;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Obtains a client at the authorization server (C14): the one an admin entered, the one registered before, or a new one;
 * and with it asks for consent.
 */
@Component
class ObtainClient extends Effect<AuthorizationJob> {

    private static final Logger log = LoggerFactory.getLogger(ObtainClient.class);

    private static final Duration REGISTERING = Duration.ofMinutes(1);

    private final AuthorizationTable authorizations;
    private final ClientRegistrationTable registrations;
    private final OutboundClient client;
    private final Vault vault;
    private final Shredder shredder;
    private final ClientKeys keys;
    private final KeyRing keyRing;
    private final OurClient ourClient;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;
    private final RedirectUri redirectUri;
    private final RequestConsent requestConsent;

    ObtainClient(
            AuthorizationTable authorizations,
            ClientRegistrationTable registrations,
            OutboundClient client,
            Vault vault,
            Shredder shredder,
            ClientKeys keys,
            KeyRing keyRing,
            OurClient ourClient,
            OneTransaction oneTransaction,
            CommandGateway commands,
            RedirectUri redirectUri,
            RequestConsent requestConsent) {
        super("oauth.obtain-client", AuthorizationJob.class, 5, Duration.ofSeconds(1));
        this.authorizations = authorizations;
        this.registrations = registrations;
        this.client = client;
        this.vault = vault;
        this.shredder = shredder;
        this.keys = keys;
        this.keyRing = keyRing;
        this.ourClient = ourClient;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
        this.redirectUri = redirectUri;
        this.requestConsent = requestConsent;
    }

    @Override
    protected UUID attempt(AuthorizationJob job) {
        return job.authorizationId().value();
    }

    @Override
    protected void perform(AuthorizationJob job) {
        AuthorizationRow row = authorizations.find(job.authorizationId()).orElse(null);
        if (row == null || row.stage() != Stage.CLIENT) {
            return;
        }
        try {
            vault.checkReady(REGISTERING);
            obtain(row, redirectUri.value());
        } catch (Refused e) {
            fail(job, e.failure());
        } catch (Untrusted e) {
            fail(job, e.failure());
        } catch (MasterKeyUnavailable e) {
            fail(job, e.failure());
        }
    }

    private void obtain(AuthorizationRow row, URI redirect) {
        OAuthSettings settings = row.started().settings();
        MetadataDiscovered metadata = row.discovered();
        GrantCheck.demand(row);
        if (settings.clientId() != null) {
            requireOwnIssuer(row, settings);
            String method = ClientAuthentication.preRegistered(
                    settings.privateKey() != null,
                    settings.clientSecret() != null,
                    metadata.tokenEndpointAuthMethods());
            if (method.equals(ClientAuthentication.PRIVATE_KEY_JWT)) {
                requireUsableKey(settings);
            }
            record(
                    row,
                    new RecordClient(
                            row.id(),
                            ClientOrigin.PRE_REGISTERED,
                            null,
                            settings.clientId(),
                            settings.clientSecret(),
                            method,
                            ClientWay.choose(true, false, Optional.empty(), false)
                                    .reason()));
            return;
        }
        ClientWay way = way(metadata);
        if (way.kind() == ClientWay.Kind.METADATA_DOCUMENT) {
            record(row, described(row, way));
            return;
        }
        if (reuse(row, metadata.boundIssuer(), redirect.toString())) {
            return;
        }
        if (way.kind() == ClientWay.Kind.NONE) {
            throw new Refused(
                    FailureCode.NO_CLIENT_REGISTRATION,
                    way.reason() + " Register Claviger there with the redirect URI " + redirect
                            + " and enter the client under Advanced.");
        }
        ClientRegistration registration = register(metadata, redirect);
        oneTransaction.run(() -> record(row, recordRegistration(row, registration, redirect.toString(), way)));
    }

    /** In one transaction, so that nobody finds the client unused in between and has it deleted. */
    private boolean reuse(AuthorizationRow row, String issuer, String redirect) {
        return oneTransaction.run(() -> {
            Optional<ClientRegistered> known = registrations.hold(issuer, redirect);
            known.ifPresent(client -> record(row, reused(row, client)));
            return known.isPresent();
        });
    }

    private ClientWay way(MetadataDiscovered metadata) {
        return ClientWay.choose(
                false,
                Boolean.TRUE.equals(metadata.clientIdMetadataDocumentSupported()),
                ourClient.documentProblem(),
                metadata.registrationEndpoint() != null);
    }

    /** Known by the URL of our metadata document (C16). */
    private RecordClient described(AuthorizationRow row, ClientWay way) {
        ClientMetadataDocument document = ourClient.document();
        String method = document.methodAt(row.discovered().tokenEndpointAuthMethods());
        if (method.equals(ClientAuthentication.PRIVATE_KEY_JWT)) {
            keyRing.ensure();
        }
        return new RecordClient(
                row.id(), ClientOrigin.METADATA_DOCUMENT, null, document.clientId(), null, method, way.reason());
    }

    /** Before anybody consents: a key that cannot sign would be found out only when the code is spent. */
    private void requireUsableKey(OAuthSettings settings) {
        try {
            keys.entered(settings);
        } catch (IllegalArgumentException e) {
            throw new Refused(FailureCode.NO_CLIENT_REGISTRATION, e.getMessage() + " Enter it again under Advanced.");
        }
    }

    /** A client that was entered is shown to no authorization server but its own (C25, C26). */
    private void requireOwnIssuer(AuthorizationRow row, OAuthSettings settings) {
        MetadataDiscovered metadata = row.discovered();
        String own = settings.clientIssuer() == null ? issuerOfBefore(row, settings) : settings.clientIssuer();
        boolean fits = metadata.source() == DiscoverySource.MANUAL
                || own == null
                || own.equals(metadata.boundIssuer())
                || own.equals(metadata.issuer());
        if (!fits) {
            throw new Refused(
                    FailureCode.CLIENT_OF_ANOTHER_ISSUER,
                    "The client that was entered belongs to “" + own + "”, but the server now names “"
                            + metadata.boundIssuer() + "”, to which it was not shown. Register a client there and enter"
                            + " it with its issuer under Advanced.");
        }
    }

    /** Where the same client was accepted before, for one that was entered without its issuer. */
    private @Nullable String issuerOfBefore(AuthorizationRow row, OAuthSettings settings) {
        return Optional.ofNullable(row.started().previous())
                .flatMap(authorizations::find)
                .filter(before -> before.client() != null
                        && before.obtained().clientId().equals(settings.clientId())
                        && before.discovered().source() != DiscoverySource.MANUAL)
                .map(before -> before.discovered().boundIssuer())
                .orElse(null);
    }

    private ClientRegistration register(MetadataDiscovered metadata, URI redirect) {
        URI endpoint = URI.create(Objects.requireNonNull(metadata.registrationEndpoint(), "the way to register"));
        String method = ClientAuthentication.toRegister(metadata.tokenEndpointAuthMethods());
        if (metadata.source() == DiscoverySource.DEFAULT_ENDPOINTS) {
            return new DefaultRegistrationEndpoint(endpoint).register(client, redirect, method);
        }
        return new RegistrationEndpoint(endpoint).register(client, redirect, method);
    }

    /** Of two who registered at the same time the first is kept; the other's client is never used. */
    private RecordClient recordRegistration(
            AuthorizationRow row, ClientRegistration registration, String redirect, ClientWay way) {
        String issuer = row.discovered().boundIssuer();
        ClientRegistrationId id = RegisteredClient.idOf(issuer, redirect);
        SecretRef secret = seal(SecretPurpose.CLIENT_SECRET, registration.clientSecret());
        SecretRef token = seal(SecretPurpose.REGISTRATION_ACCESS_TOKEN, registration.registrationAccessToken());
        boolean first = commands.<Boolean>sendAndWait(new RecordRegistration(
                id,
                row.id(),
                issuer,
                redirect,
                registration.clientId(),
                secret,
                registration.clientSecretExpiresAt(),
                registration.tokenEndpointAuthMethod(),
                token,
                registration.registrationClientUri(),
                registration.metadata()));
        if (first) {
            return new RecordClient(
                    row.id(),
                    ClientOrigin.REGISTERED,
                    id,
                    registration.clientId(),
                    secret,
                    registration.tokenEndpointAuthMethod(),
                    way.reason());
        }
        log.warn("Registered a second client at {}, which is not used; another registration was quicker", issuer);
        shred(secret);
        shred(token);
        return reused(row, registrations.hold(issuer, redirect).orElseThrow());
    }

    private static RecordClient reused(AuthorizationRow row, ClientRegistered registered) {
        return new RecordClient(
                row.id(),
                ClientOrigin.REUSED,
                registered.registrationId(),
                registered.clientId(),
                registered.clientSecret(),
                registered.tokenEndpointAuthMethod(),
                "Claviger was registered there before, and nothing says that the server has forgotten it.");
    }

    /** The client and the consent request that it makes possible, together. */
    private void record(AuthorizationRow row, RecordClient outcome) {
        oneTransaction.run(() -> {
            boolean accepted = commands.<Boolean>sendAndWait(outcome);
            if (accepted && Stage.withClient(row.started().settings().grant()) == Stage.CONSENT) {
                requestConsent.send(row);
            }
        });
    }

    private @Nullable SecretRef seal(SecretPurpose purpose, @Nullable Secret secret) {
        return secret == null ? null : vault.seal(purpose, secret);
    }

    private void shred(@Nullable SecretRef ref) {
        if (ref != null) {
            shredder.shred(ref, "another registration at the same authorization server was quicker");
        }
    }

    @Override
    protected void giveUp(AuthorizationJob job, RuntimeException cause) {
        fail(
                job,
                new Failure(
                        FailureCode.REGISTRATION_UNREACHABLE,
                        cause instanceof Unreachable
                                ? cause.getMessage() + " Tried five times to register a client; connect again later."
                                : "Something broke in Claviger while it obtained a client; its log says what."));
    }

    private void fail(AuthorizationJob job, Failure failure) {
        commands.sendAndWait(new RecordFailure(job.authorizationId(), AuthorizationStep.CLIENT, failure));
    }
}
