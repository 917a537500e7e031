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
 * @param accountTool the tool that is called after each connect to say whose account it is, where the provider does not
 *     tell; null: no tool is
 */
public record ConnectorSettings(
        String name,
        String url,
        AuthType authType,
        @Nullable String headerName,
        Map<String, String> customHeaders,
        CredentialMode mode,
        OAuthSettings oauth,
        @Nullable String accountTool) {

    /** Without a tool that says whose account it is. */
    public ConnectorSettings(
            String name,
            String url,
            AuthType authType,
            @Nullable String headerName,
            Map<String, String> customHeaders,
            CredentialMode mode,
            OAuthSettings oauth) {
        this(name, url, authType, headerName, customHeaders, mode, oauth, null);
    }

    /** The same with other settings for OAuth. */
    public ConnectorSettings with(OAuthSettings other) {
        return new ConnectorSettings(name, url, authType, headerName, customHeaders, mode, other, accountTool);
    }

    /** The same with another tool that says whose account it is, or with none. */
    public ConnectorSettings askingAccountOf(@Nullable String tool) {
        return new ConnectorSettings(name, url, authType, headerName, customHeaders, mode, oauth, tool);
    }
}
