package dev.claviger.oauth;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.AuthorizationEvent.AuthorizationStarted;
import dev.claviger.oauth.api.AuthorizationEvent.ClientObtained;
import dev.claviger.oauth.api.AuthorizationEvent.ConsentRequested;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.ClientOrigin;
import dev.claviger.oauth.api.DiscoverySource;
import dev.claviger.oauth.api.OAuthSettings;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.oauth.api.OAuthSettings.ResourceChoice;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One authorization, step by step. */
final class Fixtures {

    static final AuthorizationId ID = new AuthorizationId(UUID.fromString("7f000000-0000-4000-8000-000000000001"));
    static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final String SESSION = "5e55";
    static final SecretRef REF = new SecretRef(new UUID(0, 1), "f1");

    static final AuthorizationStarted STARTED = new AuthorizationStarted(
            ID, "https://mcp.example/mcp", OAuthSettings.AUTOMATIC, SESSION, "/connections/" + ID.value(), null, null);
    static final MetadataDiscovered DISCOVERED = discovered(DiscoverySource.CHALLENGE, true);
    static final ClientObtained OBTAINED =
            new ClientObtained(ID, ClientOrigin.PRE_REGISTERED, null, "client", null, "none", "An admin entered it.");
    static final ConsentRequested REQUESTED = new ConsentRequested(
            ID,
            "hash",
            REF,
            REF,
            "https://as.example",
            "https://claviger.example/oauth/callback",
            "as.example",
            "notes:read",
            NOW.plusSeconds(600));

    private Fixtures() {}

    /** Of a grant without a person. */
    static AuthorizationStarted started(OAuthSettings settings) {
        return new AuthorizationStarted(ID, STARTED.serverUrl(), settings, SESSION, "/", null, null);
    }

    static OAuthSettings asTheClientItself() {
        return new OAuthSettings(
                null,
                null,
                "client",
                REF,
                null,
                null,
                Grant.CLIENT_CREDENTIALS,
                null,
                null,
                ResourceChoice.AS_PUBLISHED,
                null,
                null);
    }

    static MetadataDiscovered discovered(DiscoverySource source, boolean issSupported) {
        return new MetadataDiscovered(
                ID,
                source,
                "https://mcp.example/mcp",
                "https://as.example",
                "https://as.example/authorize",
                "https://as.example/token",
                "https://as.example/register",
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                issSupported,
                false);
    }

    static AuthorizationRow row(Stage stage, @Nullable FailureCode failure) {
        return row(stage, failure, DISCOVERED);
    }

    static AuthorizationRow row(Stage stage, @Nullable FailureCode failure, MetadataDiscovered metadata) {
        return new AuthorizationRow(
                ID, stage, failure, STARTED, metadata, OBTAINED, REQUESTED, null, null, null, null, null, null, null);
    }
}
