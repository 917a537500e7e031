package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.OAuthSettings;
import java.util.ArrayList;
import java.util.List;
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
        if (!Objects.equals(fingerprint(before.oauth()), fingerprint(after.oauth()))
                && before.oauth().clientSecret() != null) {
            dropped.add(after.oauth().clientSecret() == null ? "client secret dropped" : "client secret replaced");
        }
        return dropped.isEmpty() ? null : reason() + " Dropped: " + String.join(", ", dropped) + ".";
    }

    /** Also where the same secret was entered again: it is sealed anew, and the old seal is of no use. */
    boolean dropsClientSecret() {
        SecretRef secret = before.oauth().clientSecret();
        return secret != null && !secret.equals(after.oauth().clientSecret());
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
            if (before.authType() == AuthType.OAUTH && anotherClient(before.oauth(), after.oauth())) {
                parts.add("the OAuth client");
            }
        }
        if (before.mode() != after.mode()) {
            parts.add("the credential mode");
        }
        return parts;
    }

    /** Scopes do not count: a grant with other scopes still works, the next consent asks for the new ones. */
    private static boolean anotherClient(OAuthSettings before, OAuthSettings after) {
        return !Objects.equals(before.authorizationEndpoint(), after.authorizationEndpoint())
                || !Objects.equals(before.tokenEndpoint(), after.tokenEndpoint())
                || !Objects.equals(before.clientId(), after.clientId())
                || !Objects.equals(fingerprint(before), fingerprint(after));
    }

    private static @Nullable String fingerprint(OAuthSettings settings) {
        SecretRef secret = settings.clientSecret();
        return secret == null ? null : secret.fingerprint();
    }
}
