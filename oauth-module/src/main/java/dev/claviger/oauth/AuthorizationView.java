package dev.claviger.oauth;

import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.vault.SecretUnreadable;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.api.AuthorizationEvent.ClientObtained;
import dev.claviger.oauth.api.AuthorizationEvent.ConsentRequested;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.api.AuthorizationQuery.AuthorizationFacts;
import dev.claviger.oauth.api.AuthorizationQuery.ConsentLink;
import dev.claviger.oauth.api.AuthorizationQuery.FindAuthorization;
import dev.claviger.oauth.api.AuthorizationQuery.FindConsent;
import dev.claviger.oauth.protocol.AuthorizationRequest;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Answers questions about authorizations. */
@Component
class AuthorizationView {

    private final AuthorizationTable authorizations;
    private final AskedScope askedScope;
    private final Vault vault;
    private final Clock clock;

    AuthorizationView(AuthorizationTable authorizations, AskedScope askedScope, Vault vault, Clock clock) {
        this.authorizations = authorizations;
        this.askedScope = askedScope;
        this.vault = vault;
        this.clock = clock;
    }

    @QueryHandler
    Optional<AuthorizationFacts> handle(FindAuthorization query) {
        return authorizations.find(query.authorizationId()).map(this::facts);
    }

    @QueryHandler
    Optional<ConsentLink> handle(FindConsent query) {
        try {
            return waiting(query).map(this::link);
        } catch (SecretUnreadable e) {
            // The consent may have ended, and its secrets with it, between reading the row and opening them.
            if (waiting(query).isPresent()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private Optional<AuthorizationRow> waiting(FindConsent query) {
        return authorizations
                .find(query.authorizationId())
                .filter(row -> row.stage() == Stage.CONSENT
                        && row.started().boundTo().equals(query.boundTo())
                        && row.consent() != null
                        && clock.instant().isBefore(linkEnd(row.asked())));
    }

    /** Nobody is sent off with a pushed request that is void; who was sent before may still come back. */
    private static Instant linkEnd(ConsentRequested consent) {
        Instant pushed = consent.requestUriExpiresAt();
        return pushed != null && pushed.isBefore(consent.expiresAt()) ? pushed : consent.expiresAt();
    }

    private ConsentLink link(AuthorizationRow row) {
        ConsentRequested consent = row.asked();
        AuthorizationRequest request = row.authorizationRequest(URI.create(consent.redirectUri()), consent.scope());
        URI url = consent.requestUri() != null
                ? request.url(vault.open(SecretPurpose.STATE, consent.requestUri()))
                : request.url(
                        vault.open(SecretPurpose.STATE, consent.state()),
                        vault.open(SecretPurpose.CODE_VERIFIER, consent.codeVerifier()));
        return new ConsentLink(row.id(), url.toString(), consent.authorizationHost(), linkEnd(consent));
    }

    private AuthorizationFacts facts(AuthorizationRow row) {
        @Nullable MetadataDiscovered metadata = row.metadata();
        @Nullable ClientObtained client = row.client();
        return new AuthorizationFacts(
                row.id(),
                row.started().serverUrl(),
                metadata == null ? null : metadata.source(),
                metadata == null ? null : metadata.issuer(),
                metadata == null ? null : row.profile().resource(),
                metadata == null ? null : metadata.authorizationEndpoint(),
                metadata == null ? null : metadata.tokenEndpoint(),
                client == null ? null : client.origin(),
                client == null ? null : client.clientId(),
                askedScope.asked(row),
                row.grantedScope(),
                client == null ? null : client.reason(),
                row.challengedScope(),
                row.refreshable(),
                row.expiresAt(),
                metadata == null ? null : row.profile().audience(),
                metadata == null || metadata.authorizationServers() == null
                        ? List.of()
                        : metadata.authorizationServers(),
                metadata == null ? null : metadata.askedIssuer(),
                row.mismatch());
    }
}
