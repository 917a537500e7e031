package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorRow;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.Failure;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Connectors as the admin API has them. Secrets come in and never go out. */
final class ConnectorJson {

    private ConnectorJson() {}

    /**
     * What creates or changes a connector.
     *
     * @param id chosen by the client so that a repeated request does nothing; only when creating
     * @param authType {@code none}, {@code bearer}, {@code api_key_header}, {@code oauth}
     * @param mode {@code shared} (also when absent) or {@code per_agent}
     * @param token the shared bearer token or API key; connects at once. Absent: the stored one stays
     * @param accountTool the tool that is called after each connect to say whose account it is, where the provider does not
     *     tell. Absent: none
     */
    record Body(
            @Nullable UUID id,
            @Nullable String name,
            @Nullable String url,
            @Nullable String authType,
            @Nullable String mode,
            @Nullable String headerName,
            @Nullable Map<String, @Nullable String> customHeaders,
            OAuthJson.@Nullable Body oauth,
            @Nullable TypedSecret token,
            @Nullable String accountTool) {

        ConnectorEntry entry() {
            Map<String, String> unreadable = new LinkedHashMap<>();
            if (Words.parse(AuthType.class, authType).isEmpty()) {
                unreadable.put("authType", "Say none, bearer, api_key_header or oauth.");
            }
            if (mode != null && Words.parse(CredentialMode.class, mode).isEmpty()) {
                unreadable.put("mode", "Say shared or per_agent.");
            }
            Map<String, String> headers = new LinkedHashMap<>();
            if (customHeaders != null) {
                customHeaders.forEach((header, value) -> {
                    if (value == null) {
                        unreadable.put("customHeaders", "Give each custom header a value, or leave it out.");
                    } else {
                        headers.put(header, value);
                    }
                });
            }
            OAuthJson.Body manual = oauth == null ? OAuthJson.Body.NOTHING : oauth;
            return new ConnectorEntry(
                    ConnectorEntry.orEmpty(name),
                    ConnectorEntry.orEmpty(url),
                    Words.parse(AuthType.class, authType).orElse(AuthType.OAUTH),
                    Words.parse(CredentialMode.class, mode).orElse(CredentialMode.SHARED),
                    ConnectorEntry.orNull(headerName),
                    headers,
                    manual.entry(unreadable),
                    TypedSecret.orBlank(token),
                    ConnectorEntry.orNull(accountTool),
                    unreadable);
        }
    }

    /** A failure with the address of its help page. */
    record FailureAnswer(String code, String detail, String help) {
        static @Nullable FailureAnswer of(@Nullable Failure failure, String publicUrl) {
            return failure == null
                    ? null
                    : new FailureAnswer(
                            failure.code().code(),
                            failure.detail(),
                            publicUrl + "/help/" + failure.code().code());
        }
    }

    record Line(
            ConnectorId id,
            String name,
            String serverKey,
            String url,
            String authType,
            String mode,
            String status,
            int liveConnections,
            int tools,
            @Nullable Instant lastSyncedAt,
            @Nullable Instant expiresAt,
            int needingConsent,
            int expiring,
            @Nullable FailureAnswer failure) {
        static Line of(ConnectorRow row, String publicUrl) {
            return new Line(
                    row.connectorId(),
                    row.name(),
                    row.serverKey(),
                    row.url(),
                    Words.lower(row.authType()),
                    Words.lower(row.mode()),
                    Words.lower(row.status()),
                    row.liveConnections(),
                    row.toolCount(),
                    row.lastSyncedAt(),
                    row.expiresAt(),
                    row.needingConsent(),
                    row.expiring(),
                    FailureAnswer.of(row.failure(), publicUrl));
        }
    }

    record Page(List<Line> items, int total) {}

    /**
     * One connector.
     *
     * @param connection the live shared connection
     * @param pendingConnection the attempt under way
     * @param accountTool the tool that says whose account it is
     */
    record Whole(
            Line connector,
            @Nullable String headerName,
            Map<String, String> customHeaders,
            OAuthJson.@Nullable Answer oauth,
            @Nullable String connection,
            @Nullable String pendingConnection,
            Instant createdAt,
            @Nullable String accountTool) {
        static Whole of(ConnectorDetail detail, String publicUrl) {
            ConnectorSettings settings = detail.settings();
            return new Whole(
                    Line.of(detail.row(), publicUrl),
                    settings.headerName(),
                    settings.customHeaders(),
                    settings.authType() != AuthType.OAUTH ? null : OAuthJson.Answer.of(settings.oauth()),
                    detail.sharedConnection() == null
                            ? null
                            : detail.sharedConnection().toString(),
                    detail.pendingConnection() == null
                            ? null
                            : detail.pendingConnection().toString(),
                    detail.createdAt(),
                    settings.accountTool());
        }
    }
}
