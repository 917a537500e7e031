package dev.claviger.connectors;

import dev.claviger.connectors.OAuthSecrets.Place;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.OAuthSettings;
import dev.claviger.oauth.api.OAuthSettings.IdentityProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an edit changes about the way in: whether the connections made before still fit. */
record SettingsChange(ConnectorSettings before, ConnectorSettings after) {

    /** Another URL is another server: neither credentials nor tools belong to it. */
    boolean anotherServer() {
        return !before.url().equals(after.url());
    }

    /** Whether the connections made before the change must end. */
    boolean endsConnections() {
        return !parts().isEmpty();
    }

    /** Why connections end, a sentence: {@code The URL and the header name changed.} */
    String reason() {
        List<String> parts = parts();
        String last = parts.get(parts.size() - 1);
        String clause = parts.size() == 1
                ? last + " changed."
                : String.join(", ", parts.subList(0, parts.size() - 1)) + " and " + last + " changed.";
        return Sentences.capital(clause);
    }

    /** What the change drops, in words; null when there is nothing to drop. */
    @Nullable
    String dropped(int live, int pending, boolean toolsKnown) {
        List<String> dropped = new ArrayList<>();
        if (endsConnections() && live > 0) {
            dropped.add(Sentences.count(live, "connection") + " ended");
        }
        if (endsConnections() && pending > 0) {
            dropped.add(Sentences.count(pending, "attempt to connect", "attempts to connect") + " stopped");
        }
        if (anotherServer() && toolsKnown) {
            dropped.add("tools and the agents' choices of them forgotten");
        }
        dropped.addAll(OAuthSecrets.of(before.oauth()).changes(OAuthSecrets.of(after.oauth())));
        return dropped.isEmpty() ? null : reason() + " Dropped: " + String.join(", ", dropped) + ".";
    }

    /** The secrets that nothing new will be asked for with. */
    Map<Place, SecretRef> droppedSecrets() {
        return OAuthSecrets.of(before.oauth()).without(OAuthSecrets.of(after.oauth()));
    }

    private List<String> parts() {
        List<String> parts = new ArrayList<>();
        if (anotherServer()) {
            parts.add("the URL");
        }
        if (before.authType() != after.authType()) {
            parts.add("the authentication");
        } else {
            if (!Objects.equals(before.headerName(), after.headerName())) {
                parts.add("the header name");
            }
            if (before.authType() == AuthType.OAUTH) {
                parts.addAll(oauth(before.oauth(), after.oauth()));
            }
        }
        if (before.mode() != after.mode()) {
            parts.add("the credential mode");
        }
        return parts;
    }

    /** Scopes do not count: a grant with other scopes still works, the next consent asks for the new ones. */
    private static List<String> oauth(OAuthSettings before, OAuthSettings after) {
        List<String> parts = new ArrayList<>();
        if (before.grant() != after.grant()) {
            parts.add("the grant");
        }
        if (anotherClient(before, after)) {
            parts.add("the OAuth client");
        }
        if (!before.resource().equals(after.resource())) {
            parts.add("the resource");
        }
        if (anotherIdentityProvider(before, after)) {
            parts.add("the identity provider");
        }
        if (before.issuerException() != null && !before.issuerException().equals(after.issuerException())) {
            parts.add("the accepted mismatch of issuers");
        }
        return parts;
    }

    private static boolean anotherClient(OAuthSettings before, OAuthSettings after) {
        return !Objects.equals(before.authorizationEndpoint(), after.authorizationEndpoint())
                || !Objects.equals(before.tokenEndpoint(), after.tokenEndpoint())
                || !Objects.equals(before.clientId(), after.clientId())
                || !Objects.equals(before.clientIssuer(), after.clientIssuer())
                || !OAuthSecrets.of(before).sameClient(OAuthSecrets.of(after));
    }

    private static boolean anotherIdentityProvider(OAuthSettings before, OAuthSettings after) {
        IdentityProvider one = before.identityProvider();
        IdentityProvider other = after.identityProvider();
        // Where one is missing, it is the grant that changed.
        return one != null
                && other != null
                && (!one.issuer().equals(other.issuer())
                        || !one.tokenEndpoint().equals(other.tokenEndpoint())
                        || !one.clientId().equals(other.clientId())
                        || !one.subjectTokenType().equals(other.subjectTokenType())
                        || !OAuthSecrets.of(before).sameIdentity(OAuthSecrets.of(after)));
    }
}
