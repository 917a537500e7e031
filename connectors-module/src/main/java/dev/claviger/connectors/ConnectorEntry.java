package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.OAuthSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody entered for a connector, on a page or as JSON.
 *
 * @param unreadable what could not even be read, one sentence per field
 */
record ConnectorEntry(
        String name,
        String url,
        AuthType authType,
        CredentialMode mode,
        @Nullable String headerName,
        Map<String, String> customHeaders,
        @Nullable String authorizationEndpoint,
        @Nullable String tokenEndpoint,
        @Nullable String clientId,
        TypedSecret clientSecret,
        @Nullable String scope,
        TypedSecret token,
        Map<String, String> unreadable) {

    /** Blank parts become null, so that the rest need not know two kinds of nothing. */
    static @Nullable String orNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    static String orEmpty(@Nullable String text) {
        return text == null ? "" : text.strip();
    }

    boolean isStatic() {
        return authType == AuthType.BEARER || authType == AuthType.API_KEY_HEADER;
    }

    /** Whether one credential serves everybody. */
    boolean isShared() {
        return authType == AuthType.NONE || mode == CredentialMode.SHARED;
    }

    /** The settings; what the auth type does not need is left out. */
    ConnectorSettings settings(@Nullable SecretRef sealedClientSecret) {
        return new ConnectorSettings(
                name,
                url,
                authType,
                authType == AuthType.API_KEY_HEADER ? headerName : null,
                customHeaders,
                isShared() ? CredentialMode.SHARED : mode,
                authType == AuthType.OAUTH
                        ? new OAuthSettings(authorizationEndpoint, tokenEndpoint, clientId, sealedClientSecret, scope)
                        : OAuthSettings.AUTOMATIC);
    }

    /** Whether there is something to connect with at once: a typed token, or nothing needed. */
    boolean canConnect() {
        return isShared() && (!isStatic() || token.secret() != null);
    }

    /** Whether {@link #canConnect} without a person at a consent screen. */
    boolean connectsByItself() {
        return canConnect() && authType != AuthType.OAUTH;
    }

    /** One sentence per field that cannot stay so. */
    Map<String, String> errors(SettingsCheck check) {
        Map<String, String> errors = new LinkedHashMap<>(check.check(settings(null)));
        errors.putAll(unreadable);
        if (authType == AuthType.OAUTH && clientSecret.trouble() != null) {
            errors.put("clientSecret", clientSecret.trouble());
        }
        if (authType == AuthType.OAUTH && clientId == null && !clientSecret.isBlank()) {
            errors.put("clientId", "Enter the client id that this secret belongs to.");
        }
        String token = this.token.troubleAsToken(authType == AuthType.BEARER);
        if (isStatic() && isShared() && token != null) {
            errors.put("token", token);
        }
        return errors;
    }
}
