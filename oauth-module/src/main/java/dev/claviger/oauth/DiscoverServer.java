package dev.claviger.oauth;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.oauth.AuthorizationOutcome.RecordFailure;
import dev.claviger.oauth.AuthorizationOutcome.RecordMetadata;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationStarted;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.api.AuthorizationStep;
import dev.claviger.oauth.api.DiscoverySource;
import dev.claviger.oauth.api.OAuthSettings;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.oauth.protocol.AuthorizationServerMetadata;
import dev.claviger.oauth.protocol.Discovered;
import dev.claviger.oauth.protocol.Discovery;
import dev.claviger.oauth.protocol.IssuerMismatch;
import dev.claviger.oauth.protocol.Origin;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds the authorization server of an MCP server, or takes the endpoints that an admin entered. */
@Component
class DiscoverServer extends Effect<AuthorizationJob> {

    private final AuthorizationTable authorizations;
    private final OutboundClient client;
    private final CommandGateway commands;

    DiscoverServer(AuthorizationTable authorizations, OutboundClient client, CommandGateway commands) {
        super("oauth.discover-server", AuthorizationJob.class, 5, Duration.ofSeconds(1));
        this.authorizations = authorizations;
        this.client = client;
        this.commands = commands;
    }

    @Override
    protected UUID attempt(AuthorizationJob job) {
        return job.authorizationId().value();
    }

    @Override
    protected void perform(AuthorizationJob job) {
        AuthorizationRow row = authorizations.find(job.authorizationId()).orElse(null);
        if (row == null || row.stage() != Stage.DISCOVERY) {
            return;
        }
        try {
            discover(row.started());
        } catch (IssuerMismatch e) {
            commands.sendAndWait(new RecordFailure(row.id(), AuthorizationStep.DISCOVERY, e.failure(), e.pair()));
        } catch (Refused e) {
            fail(job, e.failure());
        } catch (Untrusted e) {
            fail(job, e.failure());
        }
    }

    private void discover(AuthorizationStarted started) {
        OAuthSettings settings = started.settings();
        if (settings.skipsDiscovery()) {
            Discovered entered =
                    entered(started.serverUrl(), settings.authorizationEndpoint(), settings.tokenEndpoint());
            commands.sendAndWait(new RecordMetadata(started.authorizationId(), metadata(started, entered), null));
            return;
        }
        String former = formerIssuer(started);
        Discovery discovery = new Discovery(client, settings.issuerException(), former);
        Discovered found = (settings.grant() == Grant.AUTHORIZATION_CODE ? discovery : discovery.withoutConsent())
                .discover(started.serverUrl());
        MetadataDiscovered metadata = metadata(started, found);
        commands.sendAndWait(new RecordMetadata(
                started.authorizationId(), metadata, former, showsClientUnasked(started, metadata.boundIssuer())));
    }

    /**
     * Whether the server would choose who sees what an admin entered: the admin named no issuer, and the client was not
     * accepted by this one before.
     */
    private boolean showsClientUnasked(AuthorizationStarted started, String issuer) {
        OAuthSettings settings = started.settings();
        boolean provesItself = settings.clientSecret() != null
                || settings.privateKey() != null
                || settings.grant() == Grant.ENTERPRISE_MANAGED;
        if (settings.clientId() == null || !provesItself || settings.clientIssuer() != null) {
            return false;
        }
        return Optional.ofNullable(started.previous())
                .flatMap(authorizations::find)
                .filter(before -> before.client() != null
                        && before.obtained().clientId().equals(settings.clientId())
                        && before.discovered().source() != DiscoverySource.MANUAL
                        && before.discovered().boundIssuer().equals(issuer))
                .isEmpty();
    }

    /** Endpoints that an admin entered bind to no issuer: null, as where there was no authorization before. */
    private @Nullable String formerIssuer(AuthorizationStarted started) {
        return Optional.ofNullable(started.previous())
                .flatMap(authorizations::find)
                .map(AuthorizationRow::metadata)
                .filter(metadata -> metadata.source() != DiscoverySource.MANUAL)
                .map(MetadataDiscovered::boundIssuer)
                .orElse(null);
    }

    private Discovered entered(
            String serverUrl, @Nullable String authorizationEndpoint, @Nullable String tokenEndpoint) {
        if (authorizationEndpoint == null || tokenEndpoint == null) {
            throw new IllegalArgumentException("Discovery is skipped only where both endpoints are entered");
        }
        AuthorizationServerMetadata server = new AuthorizationServerMetadata(
                Origin.of(URI.create(tokenEndpoint)),
                authorizationEndpoint,
                tokenEndpoint,
                null,
                null,
                List.of(),
                List.of(),
                false,
                false,
                null,
                false,
                null,
                null,
                null);
        return new Discovered(
                DiscoverySource.MANUAL, serverUrl, server.requireSafe(client), null, List.of(), List.of());
    }

    private static MetadataDiscovered metadata(AuthorizationStarted started, Discovered found) {
        AuthorizationServerMetadata server = found.server();
        return new MetadataDiscovered(
                started.authorizationId(),
                found.source(),
                found.resource(),
                server.issuer(),
                server.authorizationEndpoint(),
                server.tokenEndpoint(),
                server.registrationEndpoint(),
                server.revocationEndpoint(),
                found.challengedScope(),
                found.resourceScopes(),
                server.scopesSupported(),
                server.tokenEndpointAuthMethods(),
                server.issParameterSupported(),
                server.clientIdMetadataDocumentSupported(),
                server.pushedAuthorizationRequestEndpoint(),
                server.requirePushedAuthorizationRequests() ? true : null,
                server.askedIssuer(),
                found.authorizationServers().size() > 1 ? found.authorizationServers() : null,
                server.grantProfiles(),
                server.userinfoEndpoint());
    }

    @Override
    protected void giveUp(AuthorizationJob job, RuntimeException cause) {
        fail(
                job,
                new Failure(
                        FailureCode.SERVER_UNREACHABLE,
                        cause instanceof Unreachable
                                ? cause.getMessage() + " Tried five times; check the URL and connect again later."
                                : "Something broke in Claviger while it looked for the authorization server; its log"
                                        + " says what."));
    }

    private void fail(AuthorizationJob job, Failure failure) {
        commands.sendAndWait(new RecordFailure(job.authorizationId(), AuthorizationStep.DISCOVERY, failure));
    }
}
