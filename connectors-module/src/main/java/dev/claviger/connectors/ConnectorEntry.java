package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.OAuthSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
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
        OAuthEntry oauth,
        TypedSecret token,
        @Nullable String accountTool,
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

    /** The settings as they would be, without sealing anything. */
    ConnectorSettings foreseen(OAuthSecrets kept) {
        return settings(authType == AuthType.OAUTH ? oauth.foreseen(kept) : OAuthSettings.AUTOMATIC);
    }

    /** The settings with what was typed through {@code seal}; what the auth type does not need is left out. */
    ConnectorSettings sealed(OAuthSecrets kept, BiFunction<SecretPurpose, Secret, SecretRef> seal) {
        return settings(authType == AuthType.OAUTH ? oauth.settings(oauth.with(kept, seal)) : OAuthSettings.AUTOMATIC);
    }

    private ConnectorSettings settings(OAuthSettings settings) {
        return new ConnectorSettings(
                name,
                url,
                authType,
                authType == AuthType.API_KEY_HEADER ? headerName : null,
                customHeaders,
                isShared() ? CredentialMode.SHARED : mode,
                settings,
                authType == AuthType.NONE ? null : accountTool);
    }

    /** Whether there is something to connect with at once: a typed token, or nothing needed. */
    boolean canConnect() {
        return isShared() && (!isStatic() || token.secret() != null);
    }

    /** Whether {@link #canConnect} without a person at a consent screen. */
    boolean connectsByItself() {
        return canConnect() && authType != AuthType.OAUTH;
    }

    /**
     * One sentence per field that cannot stay so.
     *
     * @param kept the secrets that stay where none is typed
     */
    Map<String, String> errors(SettingsCheck check, OAuthSecrets kept) {
        Map<String, String> errors = new LinkedHashMap<>(check.check(foreseen(kept)));
        errors.putAll(unreadable);
        if (authType == AuthType.OAUTH) {
            oauth.errors(kept, errors);
        }
        String token = this.token.troubleAsToken(authType == AuthType.BEARER);
        if (isStatic() && isShared() && token != null) {
            errors.put("token", token);
        }
        return errors;
    }
}
