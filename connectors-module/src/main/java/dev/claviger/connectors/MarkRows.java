package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectorEvent.AccountAccepted;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionHeld;
import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.CredentialEvent.TokenIssued;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationFailed;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationResponseReceived;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationStarted;
import dev.claviger.oauth.api.AuthorizationEvent.ClientObtained;
import dev.claviger.oauth.api.AuthorizationEvent.ConsentRequested;
import dev.claviger.oauth.api.AuthorizationEvent.EnteredClientHeld;
import dev.claviger.oauth.api.AuthorizationEvent.IssuerApproved;
import dev.claviger.oauth.api.AuthorizationEvent.IssuerChangeFound;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccountAsked;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccountTold;
import dev.claviger.toolsync.api.ToolCatalogEvent.EmptyListWithheld;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncFailed;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.ToolsSynced;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Marks the way of each attempt, in the transaction of what happened: a browser comes back from the consent screen at
 * once, and must not be sent there again.
 */
@Component
@ProcessingGroup("connectors-state")
class MarkRows {

    private static final int LONGEST = 300;
    private static final String ID_JAG = "urn:ietf:params:oauth:grant-profile:id-jag";

    private final JdbcClient jdbc;

    MarkRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(AuthorizationStarted event, @Timestamp Instant at) {
        if (event.settings().grant() != Grant.AUTHORIZATION_CODE) {
            mark(
                    event.authorizationId().value(),
                    Mark.WITHOUT_PERSON,
                    at,
                    event.settings().grant().name());
        }
    }

    @EventHandler
    void on(MetadataDiscovered event, @Timestamp Instant at) {
        String how = switch (event.source()) {
            case CHALLENGE -> "Found by the challenge";
            case WELL_KNOWN -> "Found at a well-known URL";
            case SERVER_ORIGIN -> "Found on the server's own origin";
            case DEFAULT_ENDPOINTS -> "Taken from the default endpoints of the server's origin";
            case MANUAL -> "Entered by hand";
        };
        mark(
                event.authorizationId().value(),
                Mark.DISCOVERED,
                at,
                how + ": issuer " + event.issuer() + unlisted(event) + among(event));
    }

    /** Many servers take what they do not list, so it is tried; but a refusal should surprise nobody. */
    private String unlisted(MetadataDiscovered event) {
        List<String> listed = event.grantProfiles();
        boolean asksByAssertion = jdbc.sql("""
                        select count(*) from connectors.connection_mark
                         where connection_id = :id and mark = 'WITHOUT_PERSON' and facts = :grant""")
                        .param("id", event.authorizationId().value())
                        .param("grant", Grant.ENTERPRISE_MANAGED.name())
                        .query(Integer.class)
                        .single()
                > 0;
        return asksByAssertion && (listed == null || !listed.contains(ID_JAG))
                ? "; it does not list assertions of an identity provider, which are tried all the same"
                : "";
    }

    private static String among(MetadataDiscovered event) {
        List<String> named = event.authorizationServers();
        return (event.askedIssuer() == null
                        ? ""
                        : ", accepted in place of " + event.askedIssuer() + " by the exception of this connector")
                + (named == null ? "" : "; the server names " + named.size() + ": " + String.join(", ", named));
    }

    @EventHandler
    void on(IssuerChangeFound event, @Timestamp Instant at) {
        mark(
                event.authorizationId().value(),
                Mark.ISSUER_CHANGED,
                at,
                "The server moved from " + event.former() + " to " + event.issuer());
    }

    @EventHandler
    void on(EnteredClientHeld event, @Timestamp Instant at) {
        mark(
                event.authorizationId().value(),
                Mark.ISSUER_CHANGED,
                at,
                "The entered client names no issuer, and the server names " + event.issuer());
    }

    @EventHandler
    void on(IssuerApproved event, @Timestamp Instant at) {
        mark(event.authorizationId().value(), Mark.ISSUER_APPROVED, at, null);
    }

    @EventHandler
    void on(ClientObtained event, @Timestamp Instant at) {
        String how = switch (event.origin()) {
            case PRE_REGISTERED -> "Entered by hand: ";
            case REGISTERED -> "Registered as ";
            case REUSED -> "Registered before as ";
            case METADATA_DOCUMENT -> "Described by our metadata document ";
        };
        mark(
                event.authorizationId().value(),
                Mark.CLIENT_OBTAINED,
                at,
                how + event.clientId() + because(event.reason()));
    }

    private static String because(@Nullable String reason) {
        return reason == null ? "" : ". " + reason;
    }

    @EventHandler
    void on(ConsentRequested event, @Timestamp Instant at) {
        UUID attempt = event.authorizationId().value();
        String scope = event.scope();
        mark(attempt, Mark.CONSENT_REQUESTED, at, scope == null ? "Asked for no scopes" : "Asked for scopes: " + scope);
        mark(attempt, Mark.CONSENT_HOST, at, event.authorizationHost());
    }

    @EventHandler
    void on(AuthorizationResponseReceived event, @Timestamp Instant at) {
        mark(event.authorizationId().value(), Mark.CONSENT_ENDED, at, null);
    }

    @EventHandler
    void on(AuthorizationFailed event, @Timestamp Instant at) {
        mark(event.authorizationId().value(), Mark.AUTHORIZATION_FAILED, at, null);
    }

    @EventHandler
    void on(TokenIssued event, @Timestamp Instant at) {
        mark(event.credentialId().value(), Mark.TOKEN_ISSUED, at, words(event));
    }

    @EventHandler
    void on(SyncRequested event, @Timestamp Instant at) {
        mark(event.syncId(), Mark.SYNC_REQUESTED, at, null);
    }

    @EventHandler
    void on(ToolsSynced event, @Timestamp Instant at) {
        mark(event.syncId(), Mark.SYNC_DONE, at, Sentences.count(event.total(), "tool"));
    }

    @EventHandler
    void on(EmptyListWithheld event, @Timestamp Instant at) {
        mark(
                event.syncId(),
                Mark.SYNC_DONE,
                at,
                "The server listed no tools; the " + event.kept() + " known before stay until somebody accepts that");
    }

    @EventHandler
    void on(SyncFailed event, @Timestamp Instant at) {
        mark(event.syncId(), Mark.SYNC_FAILED, at, event.failure().detail());
    }

    @EventHandler
    void on(AccountAsked event, @Timestamp Instant at) {
        mark(event.askId(), Mark.ACCOUNT_ASKED, at, "Asked the tool " + event.tool());
    }

    @EventHandler
    void on(AccountTold event, @Timestamp Instant at) {
        Account found = event.identification().account();
        mark(
                event.askId(),
                Mark.ACCOUNT_TOLD,
                at,
                found == null ? event.identification().why() : "The tool " + event.tool() + " told: " + found.shown());
    }

    @EventHandler
    void on(ConnectionHeld event, @Timestamp Instant at) {
        Account found = event.found().account();
        mark(
                event.connectionId().value(),
                Mark.ACCOUNT_HELD,
                at,
                found == null ? event.found().why() : "Another account than expected: " + found.shown());
    }

    @EventHandler
    void on(AccountAccepted event, @Timestamp Instant at) {
        mark(event.connectionId().value(), Mark.ACCOUNT_ACCEPTED, at, null);
    }

    private static String words(TokenIssued event) {
        if (event.kind() != CredentialKind.OAUTH) {
            return "Sealed as it was typed";
        }
        String scope = event.scope();
        return (scope == null ? "Granted as asked" : "Granted scopes: " + scope)
                + (Boolean.TRUE.equals(event.renewedByGrant())
                        ? "; renewed by asking again, without a person"
                        : event.refreshToken() == null ? "; no refresh token came" : "; with a refresh token");
    }

    /** Listings that belong to no attempt leave no mark. */
    private void mark(UUID attempt, Mark mark, Instant at, @Nullable String facts) {
        jdbc.sql("""
                        insert into connectors.connection_mark (connection_id, mark, at, facts)
                        select connection_id, :mark, :at, :facts from connectors.connection where connection_id = :id
                        on conflict do nothing
                        """)
                .param("id", attempt)
                .param("mark", mark.name())
                .param("at", Stamps.in(at))
                .param("facts", facts == null || facts.length() <= LONGEST ? facts : facts.substring(0, LONGEST) + "…")
                .update();
    }
}
