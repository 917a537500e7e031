package dev.claviger.app.audit;

import dev.claviger.app.axon.ProjectionEvent;
import dev.claviger.app.security.UserEvent;
import dev.claviger.app.security.UserEvent.Role;
import dev.claviger.app.security.UserEvent.Scope;
import dev.claviger.connectors.api.AgentEvent;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorEvent;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.CredentialEvent;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FreezeEvent;
import dev.claviger.credentials.api.FreezeScope;
import dev.claviger.credentials.api.Identification;
import dev.claviger.credentials.api.KeyRotationEvent;
import dev.claviger.credentials.api.RefreshFailure;
import dev.claviger.credentials.api.RevocationStep;
import dev.claviger.credentials.api.VaultEvent;
import dev.claviger.oauth.api.AuthorizationEvent;
import dev.claviger.oauth.api.AuthorizationStep;
import dev.claviger.oauth.api.ClientOrigin;
import dev.claviger.oauth.api.ClientRegistrationEvent;
import dev.claviger.oauth.api.DiscoverySource;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import dev.claviger.oauth.api.SigningKeyEvent;
import dev.claviger.toolsync.api.HealthEvent;
import dev.claviger.toolsync.api.HealthQuery.Sight;
import dev.claviger.toolsync.api.HealthState;
import dev.claviger.toolsync.api.ToolCatalogEvent;
import java.net.URI;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says every event in one sentence that needs no handbook. Text from outside is quoted and shortened. */
final class AuditSentences {

    private static final int LONGEST_QUOTE = 120;

    private final Map<Class<?>, Function<Object, String>> sentences = new LinkedHashMap<>();

    AuditSentences() {
        connectors();
        agents();
        authorizations();
        clients();
        credentials();
        freezes();
        keys();
        tools();
        health();
        users();
    }

    /** The sentence, or nothing for an event we have no words for. */
    Optional<String> sentence(Object event) {
        return Optional.ofNullable(sentences.get(event.getClass())).map(say -> say.apply(event));
    }

    /** Names of all events there are words for, in the order of the alphabet. */
    List<String> events() {
        return sentences.keySet().stream()
                .map(Class::getSimpleName)
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    private <E> void say(Class<E> event, Function<E, String> sentence) {
        sentences.put(event, object -> sentence.apply(event.cast(object)));
    }

    private void connectors() {
        say(
                ConnectorEvent.ConnectorCreated.class,
                e -> "Created the connector " + quote(e.settings().name()) + " for "
                        + host(e.settings().url()) + ": " + in(e.settings()) + "."
                        + idleLimit(e.settings().oauth().refreshTokenIdleDays()));
        say(
                ConnectorEvent.ConnectorEdited.class,
                e -> "Changed the connector " + quote(e.settings().name()) + ", now " + in(e.settings()) + " at "
                        + host(e.settings().url()) + "."
                        + (e.settings().accountTool() == null
                                ? ""
                                : " The tool " + quote(e.settings().accountTool()) + " is asked whose account it is.")
                        + idleLimit(e.settings().oauth().refreshTokenIdleDays())
                        + (e.dropped() == null ? "" : " Dropped what no longer fitted: " + bare(e.dropped()) + "."));
        say(
                ConnectorEvent.ClientSecretDropped.class,
                e -> "Forgot the stored " + secret(e.kind())
                        + "; it is destroyed once no connection made with it needs it.");
        say(ConnectorEvent.ConnectorRemoved.class, e -> "Removed the connector " + quote(e.name()) + ".");
        say(
                ConnectorEvent.ConnectionRequested.class,
                e -> "Asked to connect " + quote(e.settings().name())
                        + (e.agentId() == null ? " for everybody" : " for one agent") + ".");
        say(
                ConnectorEvent.ConnectionEstablished.class,
                e -> "The connection works and serves from now on"
                        + (e.replaced() == null ? "." : ", in place of the one before, whose credential is revoked."));
        say(ConnectorEvent.ConnectionHeld.class, AuditSentences::heldBack);
        say(
                ConnectorEvent.AccountAccepted.class,
                e -> "Accepted the account of the new connection. " + identified(e.found()));
        say(
                ConnectorEvent.ExpectedAccountSet.class,
                e -> e.expected() == null
                        ? "Whoever signs in at the next connect is right."
                        : "Expects the account " + quote(e.expected()) + " from the next connect on.");
        say(ConnectorEvent.ConnectionFailed.class, e -> "The connection came to nothing: " + in(e.failure()));
        say(
                ConnectorEvent.StepUpSucceeded.class,
                e -> "The server allows " + quote(e.operation()) + " now that it got more scope.");
        say(ConnectorEvent.ConnectionEnded.class, e -> "Ended the connection: " + bare(e.reason()) + ".");
    }

    private void agents() {
        say(AgentEvent.AgentCreated.class, e -> "Created the agent " + quote(e.name()) + ".");
        say(AgentEvent.AgentEdited.class, e -> "Changed the agent " + quote(e.name()) + ".");
        say(AgentEvent.AgentRemoved.class, e -> "Removed the agent " + quote(e.name()) + " and revoked its keys.");
        say(AgentEvent.AgentKeyIssued.class, e -> "Issued an API key to the agent.");
        say(AgentEvent.AgentKeyRevoked.class, e -> "Revoked an API key of the agent.");
        say(
                AgentEvent.ToolsChosen.class,
                e -> "Changed the tools the agent may use: " + count(e.added().size(), "more", "more") + ", "
                        + count(e.removed().size(), "fewer", "fewer") + ".");
    }

    private void authorizations() {
        say(
                AuthorizationEvent.AuthorizationStarted.class,
                e -> "Began to look for the authorization server of " + host(e.serverUrl()) + ".");
        say(
                AuthorizationEvent.IssuerChangeFound.class,
                e -> "The server moved from the authorization server " + quote(e.former()) + " to " + quote(e.issuer())
                        + "; nothing is sent there until an admin approves.");
        say(
                AuthorizationEvent.UserinfoWanted.class,
                e -> "Began to ask the provider's userinfo endpoint who consented.");
        say(AuthorizationEvent.AccountLookedUp.class, e -> identified(e.identification()));
        say(
                AuthorizationEvent.EnteredClientHeld.class,
                e -> "The server names the authorization server " + quote(e.issuer())
                        + "; the entered client is not shown to it until an admin approves.");
        say(
                AuthorizationEvent.IssuerApproved.class,
                e -> "Approved the authorization server " + quote(e.issuer())
                        + (e.former() == null
                                ? " for the entered client."
                                : " in place of " + quote(e.former()) + "."));
        say(
                AuthorizationEvent.ScopeChallenged.class,
                e -> "The server refused " + quote(e.operation()) + " for want of scope: it wants " + scope(e.scope())
                        + ".");
        say(
                AuthorizationEvent.MetadataDiscovered.class,
                e -> "Found the authorization server " + quote(e.issuer()) + ", " + in(e.source())
                        + among(e.authorizationServers()) + "."
                        + (e.askedIssuer() == null
                                ? ""
                                : " Its metadata was asked for " + quote(e.askedIssuer())
                                        + "; an admin accepted this one pair for the connector."));
        say(
                AuthorizationEvent.ClientObtained.class,
                e -> "Will ask as the client " + quote(e.clientId()) + ", " + in(e.origin()) + "."
                        + (e.reason() == null ? "" : " Reason: " + bare(e.reason()) + "."));
        say(
                AuthorizationEvent.ConsentRequested.class,
                e -> "Waits for consent at " + quote(e.authorizationHost()) + ", asking for " + scope(e.scope())
                        + ", until " + in(e.expiresAt())
                        + (e.requestUri() == null ? "." : "; the request was pushed to the provider before."));
        say(
                AuthorizationEvent.AuthorizationResponseReceived.class,
                e -> "The consent came back with the right state; its code is being redeemed.");
        say(
                AuthorizationEvent.AuthorizationGranted.class,
                e -> "Access was granted: " + (e.scope() == null ? "the scopes as asked" : scope(e.scope())) + ", "
                        + (e.refreshable() ? "with a refresh token" : "without a refresh token") + until(e.expiresAt())
                        + ".");
        say(
                AuthorizationEvent.AuthorizationFailed.class,
                e -> "The authorization ended " + in(e.step()) + ": " + in(e.failure()));
        say(
                AuthorizationEvent.SubjectTokenRotated.class,
                e -> "The identity provider replaced its refresh token; the new one is sealed.");
        say(
                AuthorizationEvent.RevocationAttempted.class,
                e -> "Revocation at the provider, " + in(e.step()) + ": "
                        + bare(e.step().detail()) + "."
                        + (e.step().nextTry() == null
                                ? ""
                                : " Next try " + in(e.step().nextTry()) + "."));
        say(
                AuthorizationEvent.ProviderRevocationTried.class,
                e -> "Told the provider that the tokens are no longer wanted; it answered: " + quote(e.answer()) + ".");
    }

    private void clients() {
        say(
                ClientRegistrationEvent.ClientRegistered.class,
                e -> "The authorization server " + quote(e.issuer()) + " registered us as the client "
                        + quote(e.clientId()) + ".");
        say(
                ClientRegistrationEvent.ClientRegistrationUpdated.class,
                e -> "Asked the authorization server about the client " + quote(e.clientId()) + ": " + bare(e.answer())
                        + ".");
        say(
                ClientRegistrationEvent.ClientRegistrationRetired.class,
                e -> "Will not use the client " + quote(e.clientId())
                        + " for a new consent any more; the next one registers another. Cause: " + bare(e.reason())
                        + ".");
        say(
                ClientRegistrationEvent.ClientRegistrationDeleted.class,
                e -> (e.deleted() ? "Deleted" : "Could not delete") + " the client " + quote(e.clientId())
                        + " at the authorization server: " + bare(e.answer()) + ".");
        say(
                SigningKeyEvent.SigningKeyCreated.class,
                e -> "Made the first key by which our client signs, " + quote(e.keyId()) + ".");
        say(
                SigningKeyEvent.SigningKeyRotated.class,
                e -> "Our client signs by the new key " + quote(e.keyId()) + "; the former, " + quote(e.formerKeyId())
                        + ", stays published until " + in(e.formerUntil()) + ".");
        say(
                SigningKeyEvent.SigningKeyRetired.class,
                e -> "Destroyed the former key " + quote(e.keyId()) + ", which is published no more.");
    }

    private void credentials() {
        say(
                CredentialEvent.TokenIssued.class,
                e -> "Sealed " + in(e.kind()) + until(e.expiresAt())
                        + (e.kind() == CredentialKind.OAUTH && !e.renewsItself() ? "; it cannot be refreshed." : "."));
        say(
                CredentialEvent.TokenRefreshed.class,
                e -> "Refreshed the token to generation " + e.generation() + until(e.expiresAt())
                        + (e.refreshToken() == null
                                ? "; it was asked for anew."
                                : "; the refresh token " + (e.rotated() ? "was replaced" : "stayed") + "."));
        say(
                CredentialEvent.IdleLimitSet.class,
                e -> e.days() == null
                        ? "Noted that nobody knows any more after how long without use the refresh token dies."
                        : "Noted that the refresh token dies after " + count(e.days(), "day", "days")
                                + " without use; it is refreshed well before.");
        say(
                CredentialEvent.RefreshRejected.class,
                e -> Boolean.TRUE.equals(e.answerLost())
                        ? "The answer to a refresh was lost, and the new refresh token with it: the provider no longer"
                                + " takes the one we have (" + quote(e.error()) + "); somebody must consent again."
                        : "The provider says the grant is dead (" + quote(e.error())
                                + "); somebody must consent again.");
        say(
                CredentialEvent.RefreshGivenUp.class,
                e -> "Gave the refresh up after " + e.attempts() + " tries without one success, the last "
                        + in(e.failure()) + ": " + bare(e.detail()) + "; somebody must consent again.");
        say(
                CredentialEvent.RefreshFailed.class,
                e -> "A refresh failed, " + in(e.failure()) + ": " + bare(e.detail()) + ".");
        say(
                CredentialEvent.RefreshInDoubt.class,
                e -> "The answer to a refresh may have been lost; it is tried again with the same refresh token.");
        say(
                CredentialEvent.TokenRevoked.class,
                e -> "Revoked " + in(e.kind()) + ", unusable from now on: " + bare(e.reason()) + ".");
        say(
                CredentialEvent.LateTokensSealed.class,
                e ->
                        "Tokens came from a refresh that was under way when the credential was revoked; nobody gets them, and"
                                + " the provider is told.");
        say(
                CredentialEvent.SecretsShredded.class,
                e -> "Destroyed " + count(e.fingerprints().size(), "sealed secret", "sealed secrets")
                        + "; the history stays. Provider: " + bare(e.provider()) + ".");
    }

    private void freezes() {
        say(
                FreezeEvent.Frozen.class,
                e -> "Froze " + frozen(e.subject(), e.scopes())
                        + ": nothing of it is handed out or refreshed from now on. Reason: " + bare(e.reason()) + ".");
        say(
                FreezeEvent.Thawed.class,
                e -> "Thawed " + frozen(e.subject(), e.scopes()) + ", which goes on as before. Reason: "
                        + bare(e.reason()) + ".");
    }

    private void keys() {
        say(
                KeyRotationEvent.KeyRotationStarted.class,
                e -> (e.dryRun() ? "Began to try a rotation" : "Began to rotate") + " to the master key "
                        + quote(e.toKey()) + "; live secrets by master key: " + byKey(e.secretsByKey()) + ".");
        say(KeyRotationEvent.KeyRotationEnded.class, AuditSentences::ended);
        say(
                VaultEvent.OrphansShredded.class,
                e -> "Destroyed sealed secrets to which nothing referred any more: "
                        + e.orphans().stream()
                                .collect(Collectors.groupingBy(
                                        orphan -> orphan.purpose()
                                                .name()
                                                .toLowerCase(Locale.ROOT)
                                                .replace('_', ' '),
                                        TreeMap::new,
                                        Collectors.counting()))
                                .entrySet()
                                .stream()
                                .map(entry -> entry.getValue() + " " + entry.getKey())
                                .collect(Collectors.joining(", "))
                        + ".");
        say(
                VaultEvent.SecretShredded.class,
                e -> "Destroyed the sealed "
                        + e.purpose().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " with the fingerprint "
                        + quote(e.fingerprint()) + ", because " + e.why()
                        + (e.askedBy() == null ? "" : "; asked for by " + bare(e.askedBy())) + ".");
        say(
                VaultEvent.FingerprintSearched.class,
                e -> "Asked which credential a found token is, by its fingerprint " + quote(e.fingerprint()) + ": "
                        + (e.found() == 0 ? "none of ours." : "it is ours."));
    }

    private static String ended(KeyRotationEvent.KeyRotationEnded e) {
        String what = e.dryRun() ? "would be wrapped anew: " : "were wrapped anew: ";
        return (e.dryRun() ? "Tried a rotation" : "Rotated") + " to the master key " + quote(e.toKey())
                + "; secrets that " + what + byKey(e.rewrapped()) + "."
                + (e.unreadable() == 0 ? "" : " Data keys that did not open: " + e.unreadable() + ".")
                + (e.left() == 0 || e.dryRun() ? "" : " Still wrapped by other keys: " + e.left() + ".")
                + (e.trouble() == null ? "" : " It ended early: " + bare(e.trouble()) + ".");
    }

    private static String byKey(Map<String, Long> counts) {
        return counts.isEmpty()
                ? "none"
                : counts.entrySet().stream()
                        .map(entry -> entry.getValue() + " by " + quote(entry.getKey()))
                        .collect(Collectors.joining(", "));
    }

    private void tools() {
        say(
                ToolCatalogEvent.SyncRequested.class,
                e -> "Asked " + host(e.serverUrl()) + " for its tools"
                        + (e.credentialId() == null
                                ? ", without a credential."
                                : e.credentialIfAsked() ? ", with the credential only if asked for it." : "."));
        say(
                ToolCatalogEvent.ToolsSynced.class,
                e -> "The server offers " + count(e.total(), "tool", "tools") + ": "
                        + changes(e.added(), e.changed(), e.removed()) + ".");
        say(ToolCatalogEvent.SyncFailed.class, e -> "Listing the tools failed: " + in(e.failure()));
        say(
                ToolCatalogEvent.EmptyListWithheld.class,
                e -> "The server listed no tools; the " + e.kept()
                        + " known ones stay until somebody accepts the empty list.");
        say(
                ToolCatalogEvent.AccessCheckRequested.class,
                e -> "Asked " + host(e.serverUrl()) + " whether it takes the new credential.");
        say(ToolCatalogEvent.AccessConfirmed.class, e -> "The server takes the new credential.");
        say(ToolCatalogEvent.AccessCheckFailed.class, e -> "Trying the new credential failed: " + in(e.failure()));
        say(
                ToolCatalogEvent.AccountAsked.class,
                e -> "Asked the tool " + quote(e.tool()) + " of " + host(e.serverUrl()) + " whose account this is.");
        say(ToolCatalogEvent.AccountTold.class, e -> identified(e.identification()));
        say(
                ToolCatalogEvent.RevokedProbeRequested.class,
                e -> "Asks " + host(e.serverUrl()) + " whether it refuses the revoked credential.");
        say(
                ToolCatalogEvent.RevokedProbed.class,
                e -> (switch (e.verdict()) {
                            case REFUSED -> "The server refuses the revoked credential: ";
                            case ACCEPTED -> "The server still takes the revoked credential: ";
                            case LISTS_TO_ANYBODY, UNCLEAR, NOT_ASKED ->
                                "Whether the server refuses the revoked credential is not known: ";
                        })
                        + bare(e.detail()) + ".");
        say(
                ToolCatalogEvent.ToolCallRequested.class,
                e -> "Tried the tool " + quote(e.tool()) + " with "
                        + count(e.arguments().size(), "argument", "arguments") + ".");
        say(ToolCatalogEvent.ToolCallFinished.class, e -> "The call of " + quote(e.tool()) + " " + in(e) + ".");
        say(
                ToolCatalogEvent.CatalogCleared.class,
                e -> "Forgot " + count(e.removed().size(), "tool", "tools") + ": " + bare(e.reason()) + ".");
    }

    private void health() {
        say(
                HealthEvent.HealthWatched.class,
                e -> "The credential is checked at " + host(e.serverUrl()) + " from now on.");
        say(HealthEvent.HealthCheckRequested.class, e -> "Asked to check the credential now.");
        say(
                HealthEvent.HealthChanged.class,
                e -> "A check found the credential " + in(e.state())
                        + (e.former() == null ? "" : ", " + in(e.former()) + " before")
                        + (e.cause() == null ? "." : ": " + in(e.cause())));
        say(HealthEvent.HealthConfirmed.class, e -> "Checks still find the credential " + in(e.state()) + ".");
        say(HealthEvent.HealthWatchEnded.class, e -> "The credential is checked no more.");
        say(
                ToolCatalogEvent.ListingProbed.class,
                e -> "Asked the server for its tools without a credential, which it " + in(e.withoutCredential())
                        + ", and with one that nobody gave out, which it " + in(e.withWrong())
                        + (e.proves()
                                ? ": listing them tells whether a credential works."
                                : ": listing them proves nothing."));
    }

    private static String in(HealthState state) {
        return switch (state) {
            case HEALTHY -> "good";
            case REFUSED -> "refused";
            case UNREACHABLE -> "out of reach";
            case UNPROVEN -> "neither good nor bad, as far as a check can tell";
        };
    }

    private static String in(Sight sight) {
        return switch (sight) {
            case LISTED -> "answered with its tools";
            case EMPTY -> "answered with an empty list";
            case REFUSED -> "refused";
            case UNKNOWN -> "did not answer";
            case NOT_TRIED -> "was not asked";
        };
    }

    private void users() {
        say(ProjectionEvent.RebuildRequested.class, e -> "Had all events read again into " + quote(e.name()) + ".");
        say(UserEvent.PersonAdded.class, e -> "Added " + quote(e.name()) + " as " + in(e.role()) + ".");
        say(UserEvent.PersonRoleChanged.class, e -> "Made " + quote(e.name()) + " " + in(e.role()) + ".");
        say(UserEvent.PersonDisabled.class, e -> "Disabled " + quote(e.name()) + ", who cannot sign in any more.");
        say(UserEvent.PersonEnabled.class, e -> "Enabled " + quote(e.name()) + ", who can sign in again.");
        say(
                UserEvent.PasswordChanged.class,
                e -> e.byThemselves()
                        ? quote(e.name()) + " changed the own password."
                        : "Reset the password of " + quote(e.name()) + ".");
        say(UserEvent.SignedIn.class, e -> quote(e.name()) + " signed in.");
        say(UserEvent.SignInFailed.class, e -> "A sign-in as " + quote(e.name()) + " failed.");
        say(UserEvent.SignedOut.class, e -> quote(e.name()) + " signed out.");
        say(
                UserEvent.ApiTokenIssued.class,
                e -> "Issued the API token " + quote(e.name()) + " that may "
                        + (e.scope() == Scope.WRITE ? "read and write" : "read") + until(e.expiresAt()) + ".");
        say(UserEvent.ApiTokenRevoked.class, e -> "Revoked the API token " + quote(e.name()) + ".");
    }

    private static String secret(@Nullable String kind) {
        if (kind == null) {
            return "client secret";
        }
        return switch (kind) {
            case "identity_provider_secret" -> "client secret at the identity provider";
            case "subject_token" -> "identity token";
            default -> kind.replace('_', ' ');
        };
    }

    private static String in(ConnectorSettings settings) {
        AuthType type = settings.authType();
        String how = switch (type) {
            case NONE -> "no authentication";
            case BEARER -> "a bearer token";
            case API_KEY_HEADER -> "an API key in a header";
            case OAUTH -> "OAuth";
        };
        return type == AuthType.NONE
                ? how
                : how + ", "
                        + (settings.mode() == CredentialMode.SHARED ? "shared by everybody" : "one for each agent")
                        + in(settings.oauth().issuerException());
    }

    private static String in(@Nullable IssuerException exception) {
        return exception == null
                ? ""
                : ", accepting that the metadata asked for " + quote(exception.expected()) + " names "
                        + quote(exception.published());
    }

    private static String in(DiscoverySource source) {
        return switch (source) {
            case CHALLENGE -> "named by the server's challenge";
            case WELL_KNOWN -> "at a well-known address of the server";
            case SERVER_ORIGIN -> "on the server's own origin";
            case DEFAULT_ENDPOINTS -> "by the default endpoints on the server's own origin";
            case MANUAL -> "entered by hand";
        };
    }

    private static String among(@Nullable Collection<String> named) {
        return named == null
                ? ""
                : ", one of " + named.size() + " it names: "
                        + named.stream().map(AuditSentences::quote).collect(Collectors.joining(", "));
    }

    private static String in(ToolCatalogEvent.ToolCallFinished call) {
        Failure failure = call.failure();
        String end = switch (call.outcome()) {
            case RESULT -> "brought a result";
            case TOOL_ERROR -> "ended in an error of the tool";
            case INPUT_REQUIRED -> "needs input of a person first";
            case CHALLENGED -> "was refused: the server wants another credential or more scope";
            case FAILED -> "failed" + (failure == null ? "" : ": " + bare(in(failure)));
        };
        return end + " after " + call.took().toMillis() + " ms";
    }

    private static String in(ClientOrigin origin) {
        return switch (origin) {
            case PRE_REGISTERED -> "entered by hand";
            case METADATA_DOCUMENT -> "described by our own metadata document";
            case REGISTERED -> "registered just now";
            case REUSED -> "registered earlier";
        };
    }

    private static String in(AuthorizationStep step) {
        return switch (step) {
            case DISCOVERY -> "while looking for the authorization server";
            case APPROVAL -> "while another issuer waited for approval";
            case CLIENT -> "while obtaining a client";
            case CONSENT -> "at the consent";
            case CODE_EXCHANGE -> "while redeeming the code";
            case TOKEN_REQUEST -> "while asking for a token";
        };
    }

    private static String in(CredentialKind kind) {
        return switch (kind) {
            case BEARER -> "a bearer token";
            case API_KEY_HEADER -> "an API key";
            case OAUTH -> "an OAuth token";
        };
    }

    /** What is frozen; the names of connectors and agents stand beside the sentence. */
    private static String frozen(String subject, Collection<FreezeScope> scopes) {
        String what = subject.startsWith("issuer:")
                ? "what " + quote(subject.substring("issuer:".length())) + " issued"
                : subject.startsWith("connector:")
                        ? "the connector"
                        : subject.startsWith("agent:") ? "the agent" : bare(subject);
        long own = scopes.stream()
                .filter(s -> s.kind() == FreezeScope.Kind.CREDENTIAL)
                .count();
        return own == 0 ? what : what + " with " + count((int) own, "credential", "credentials");
    }

    private static String in(RevocationStep step) {
        return switch (step.kind()) {
                    case REFRESH_TOKEN -> "refresh token";
                    case ACCESS_TOKEN -> "access token";
                    case LATE_REFRESH_TOKEN -> "refresh token that came late";
                    case LATE_ACCESS_TOKEN -> "access token that came late";
                    case INTROSPECTION -> "introspection";
                    case CLIENT -> "our client";
                }
                + switch (step.outcome()) {
                    case DONE -> " is done";
                    case NOT_SUPPORTED -> " cannot be done there";
                    case KEPT -> " is left as it is";
                    case REFUSED -> " was refused";
                    case WAITING -> " has to wait";
                    case GIVEN_UP -> " is given up";
                };
    }

    private static String in(RefreshFailure failure) {
        return switch (failure) {
            case TRANSIENT -> "the other side is out of reach";
            case THROTTLED -> "the other side asks for a pause";
            case CLIENT -> "our client is not accepted";
            case DENIED -> "refused without a word about the grant";
            case UNKNOWN -> "with an answer that fits nothing we know";
        };
    }

    private static String in(Role role) {
        return role == Role.ADMIN ? "an admin" : "an auditor";
    }

    private static String in(Failure failure) {
        return bare(failure.detail()) + " (" + failure.code().code() + ").";
    }

    private static String in(Instant time) {
        return Moments.toSeconds(time) + " UTC";
    }

    private static String until(@Nullable Instant expiresAt) {
        return expiresAt == null ? "" : ", valid until " + in(expiresAt);
    }

    private static String scope(@Nullable String scope) {
        return scope == null ? "no scope by name" : "the scopes " + quote(scope);
    }

    private static String changes(Collection<?> added, Collection<?> changed, Collection<?> removed) {
        if (added.isEmpty() && changed.isEmpty() && removed.isEmpty()) {
            return "nothing changed";
        }
        return added.size() + " added, " + changed.size() + " changed, " + removed.size() + " removed";
    }

    private static String idleLimit(@Nullable Integer days) {
        return days == null ? "" : " Its refresh tokens die after " + count(days, "day", "days") + " without use.";
    }

    private static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }

    private static String host(String url) {
        try {
            String host = URI.create(url).getHost();
            return host == null ? quote(url) : host;
        } catch (IllegalArgumentException e) {
            return quote(url);
        }
    }

    private static String heldBack(ConnectorEvent.ConnectionHeld e) {
        String expected = e.expected() != null
                ? quote(e.expected())
                : e.former() == null ? "another one" : quote(e.former().shown());
        return "Held the new connection back: expected is the account " + expected + ". " + identified(e.found());
    }

    private static String identified(Identification who) {
        return who.account() == null
                ? "Who is signed in is not known. " + who.why()
                : "The account is " + account(who.account()) + ".";
    }

    private static String account(Account account) {
        String told = switch (account.source()) {
            case ID_TOKEN -> "told by the ID token";
            case USERINFO -> "told by the userinfo endpoint";
            case TOOL -> "told by the tool " + quote(String.valueOf(account.tool()));
        };
        return account.shown().equals(account.subject())
                ? quote(account.subject()) + ", " + told
                : quote(account.shown()) + ", " + told + ", subject " + quote(account.subject());
    }

    private static String quote(String text) {
        return "“" + clip(text) + "”";
    }

    /** Without its full stop, to stand inside a sentence of ours. */
    private static String bare(String text) {
        String line = clip(text);
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }

    private static String clip(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}]+", " ").strip();
        if (line.length() > LONGEST_QUOTE) {
            line = line.substring(
                    0, line.offsetByCodePoints(0, Math.min(LONGEST_QUOTE, line.codePointCount(0, line.length()))));
            return line + "…";
        }
        return line;
    }
}
