package dev.claviger.connectors.api;

import dev.claviger.oauth.api.OAuthSettings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an admin enters for a connector, validated.
 *
 * @param name unique, case ignored; its server key is unique too
 * @param url of the MCP server, as typed
 * @param headerName for {@link AuthType#API_KEY_HEADER}, otherwise null
 * @param customHeaders sent with every request; not for secrets
 * @param mode {@link CredentialMode#SHARED} for {@link AuthType#NONE}
 * @param oauth manual settings; {@link OAuthSettings#AUTOMATIC} for every other auth type
 */
public record ConnectorSettings(
        String name,
        String url,
        AuthType authType,
        @Nullable String headerName,
        Map<String, String> customHeaders,
        CredentialMode mode,
        OAuthSettings oauth) {}
