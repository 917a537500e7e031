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
import java.time.Clock;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Answers questions about authorizations. */
@Component
class AuthorizationView {

    private final AuthorizationTable authorizations;
    private final Vault vault;
    private final Clock clock;

    AuthorizationView(AuthorizationTable authorizations, Vault vault, Clock clock) {
        this.authorizations = authorizations;
        this.vault = vault;
        this.clock = clock;
    }

    @QueryHandler
    Optional<AuthorizationFacts> handle(FindAuthorization query) {
        return authorizations.find(query.authorizationId()).map(AuthorizationView::facts);
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
                        && clock.instant().isBefore(row.asked().expiresAt()));
    }

    private ConsentLink link(AuthorizationRow row) {
        ConsentRequested consent = row.asked();
        String url = row.authorizationRequest()
                .url(
                        vault.open(SecretPurpose.STATE, consent.state()),
                        vault.open(SecretPurpose.CODE_VERIFIER, consent.codeVerifier()))
                .toString();
        return new ConsentLink(row.id(), url, consent.authorizationHost(), consent.expiresAt());
    }

    private static AuthorizationFacts facts(AuthorizationRow row) {
        @Nullable MetadataDiscovered metadata = row.metadata();
        @Nullable ClientObtained client = row.client();
        @Nullable ConsentRequested consent = row.consent();
        return new AuthorizationFacts(
                row.id(),
                row.started().serverUrl(),
                metadata == null ? null : metadata.source(),
                metadata == null ? null : metadata.issuer(),
                metadata == null ? null : metadata.resource(),
                metadata == null ? null : metadata.authorizationEndpoint(),
                metadata == null ? null : metadata.tokenEndpoint(),
                client == null ? null : client.origin(),
                client == null ? null : client.clientId(),
                consent == null ? null : consent.scope(),
                row.grantedScope(),
                client == null ? null : client.reason());
    }
}
