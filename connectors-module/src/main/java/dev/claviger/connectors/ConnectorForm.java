package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of the connector form that every way in has, as they come from the browser and go back to it; secrets only come. */
record ConnectorForm(
        @Nullable String name,
        @Nullable String url,
        @Nullable String authType,
        @Nullable String mode,
        @Nullable String headerName,
        @Nullable String customHeaders,
        @Nullable TypedSecret token,
        @Nullable String accountTool) {

    static final ConnectorForm EMPTY = new ConnectorForm(null, null, "oauth", "shared", null, null, null, null);

    static ConnectorForm of(ConnectorSettings settings) {
        return new ConnectorForm(
                settings.name(),
                settings.url(),
                Words.lower(settings.authType()),
                Words.lower(settings.mode()),
                settings.headerName(),
                settings.customHeaders().entrySet().stream()
                        .map(header -> header.getKey() + ": " + header.getValue())
                        .collect(Collectors.joining("\n")),
                null,
                settings.accountTool());
    }

    ConnectorEntry entry(OAuthForm oauth) {
        Map<String, String> unreadable = new LinkedHashMap<>();
        Optional<AuthType> auth = Words.parse(AuthType.class, authType);
        if (auth.isEmpty()) {
            unreadable.put("authType", "Choose how the server wants to be spoken to.");
        }
        Optional<CredentialMode> whose = Words.parse(CredentialMode.class, mode);
        if (whose.isEmpty() && auth.orElse(AuthType.NONE) != AuthType.NONE) {
            unreadable.put("mode", "Choose whose credential is used.");
        }
        return new ConnectorEntry(
                ConnectorEntry.orEmpty(name),
                ConnectorEntry.orEmpty(url),
                auth.orElse(AuthType.OAUTH),
                whose.orElse(CredentialMode.SHARED),
                ConnectorEntry.orNull(headerName),
                headers(unreadable),
                oauth.entry(unreadable),
                TypedSecret.orBlank(token),
                ConnectorEntry.orNull(accountTool),
                unreadable);
    }

    private Map<String, String> headers(Map<String, String> unreadable) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : ConnectorEntry.orEmpty(customHeaders).split("\\R", -1)) {
            int colon = line.indexOf(':');
            if (line.isBlank()) {
                continue;
            }
            if (colon < 1) {
                unreadable.put("customHeaders", "Write one header a line, as Name: value.");
            } else if (headers.put(
                            line.substring(0, colon).strip(),
                            line.substring(colon + 1).strip())
                    != null) {
                unreadable.put("customHeaders", "Name each header once.");
            }
        }
        return headers;
    }
}
