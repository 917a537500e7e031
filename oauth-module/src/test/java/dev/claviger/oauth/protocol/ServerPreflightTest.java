package dev.claviger.oauth.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.Knobs;
import dev.claviger.oauth.api.AuthorizationPreflight;
import dev.claviger.oauth.api.AuthorizationPreflight.Document;
import dev.claviger.oauth.api.AuthorizationPreflight.PushedRequests;
import dev.claviger.oauth.api.AuthorizationPreflight.Resource.Match;
import dev.claviger.oauth.api.AuthorizationPreflight.Seen;
import dev.claviger.oauth.api.AuthorizationPreflight.Server;
import dev.claviger.oauth.api.ClientOrigin;
import dev.claviger.oauth.api.DiscoverySource;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerPreflightTest {

    private static final OutboundClient CLIENT = OutboundClient.guarded(List.of("127.0.0.1"), true);

    private final DemoProvider provider = DemoProvider.start();
    private final Knobs knobs = provider.knobs();

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void seesWhatDiscoverySeesAndLeavesNoTraces() {
        Seen seen = look();

        assertThat(seen.failure()).isNull();
        assertThat(seen.status()).isEqualTo(401);
        assertThat(Objects.requireNonNull(seen.challenge()).scope()).isEqualTo("notes:read notes:write");
        assertThat(Objects.requireNonNull(seen.resource()).match()).isEqualTo(Match.VERBATIM);
        assertThat(seen.resource().authorizationServers())
                .containsExactly(provider.issuer().toString());
        assertThat(seen.documents())
                .containsExactly(
                        new Document(true, origin() + "/.well-known/oauth-protected-resource/mcp", 200, false),
                        new Document(false, provider.issuer() + "/.well-known/oauth-authorization-server", 200, false));
        assertThat(Objects.requireNonNull(seen.server()).source()).isEqualTo(DiscoverySource.CHALLENGE);
        assertThat(seen.server().grantTypes()).contains("refresh_token");
        assertThat(provider.requests()).noneMatch(request -> request.path().matches("/(register|token|authorize)"));
    }

    @Test
    void namesEveryDocumentThatWasAskedForAndWhatCame() {
        knobs.issuerPath = "/tenant";
        knobs.oidcOnly = true;

        assertThat(look().documents())
                .extracting(Document::status)
                .as("metadata of the resource; two places of the issuer without, the third with a document")
                .containsExactly(200, 404, 404, 200);
    }

    @Test
    void tellsAPageForPeopleFromADocument() {
        knobs.metadataHtml = true;

        assertThat(look().documents())
                .endsWith(new Document(false, provider.issuer() + "/.well-known/openid-configuration", 200, true));
    }

    @Test
    void seesThatTheResourceIsAnother() {
        knobs.resourceOverride = "https://another.example/mcp";

        Seen seen = look();

        assertThat(Objects.requireNonNull(seen.resource()).match()).isEqualTo(Match.MISMATCH);
        assertThat(Objects.requireNonNull(seen.failure()).code()).isEqualTo(FailureCode.RESOURCE_MISMATCH);
        assertThat(seen.server()).isNull();
    }

    @Test
    void looksPastAMismatchOfIssuersThatAnAdminMayAccept() {
        knobs.wrongMetadataIssuer = true;

        Seen seen = look();

        assertThat(seen.mismatch())
                .isEqualTo(new IssuerException(provider.issuer().toString(), provider.issuer() + "/other"));
        assertThat(seen.failure()).isNull();
        assertThat(seen.server()).isNotNull();
    }

    @Test
    void looksPastNothingElse() {
        knobs.wrongMetadataIssuer = true;
        knobs.noPkceMetadata = true;

        Seen seen = look();

        assertThat(seen.mismatch()).isNotNull();
        assertThat(Objects.requireNonNull(seen.failure()).code()).isEqualTo(FailureCode.PKCE_NOT_SUPPORTED);
        assertThat(seen.server()).isNull();
    }

    @Test
    void seesThatRequestsMustBePushed() {
        assertThat(Objects.requireNonNull(look().server()).pushedRequests()).isEqualTo(PushedRequests.OFFERED);

        knobs.requirePushedRequests = true;

        assertThat(Objects.requireNonNull(look().server()).pushedRequests()).isEqualTo(PushedRequests.REQUIRED);
    }

    @Test
    void seesTheWayToAClientThatAConnectionWouldTake() {
        assertThat(Objects.requireNonNull(look().server()).client()).isEqualTo(ClientOrigin.REGISTERED);

        knobs.clientMetadataDocumentsAt = URI.create("https://claviger.acme.com/oauth/client-metadata.json");

        Server publicly =
                Objects.requireNonNull(look("https://claviger.acme.com").server());
        assertThat(publicly.client()).isEqualTo(ClientOrigin.METADATA_DOCUMENT);
        assertThat(publicly.authMethod()).isEqualTo("private_key_jwt");
        assertThat(Objects.requireNonNull(look("http://localhost:8080").server())
                        .client())
                .isEqualTo(ClientOrigin.REGISTERED);
        knobs.noRegistrationEndpoint = true;
        assertThat(Objects.requireNonNull(look("http://localhost:8080").server())
                        .client())
                .isNull();
    }

    @Test
    void saysThatNobodyAnswers() {
        String url = provider.mcpUrl().toString();
        provider.close();

        Seen seen =
                AuthorizationPreflight.with(CLIENT, "https://claviger.example").look(url);

        assertThat(seen.status()).isZero();
        assertThat(Objects.requireNonNull(seen.failure()).code()).isEqualTo(FailureCode.SERVER_UNREACHABLE);
    }

    @Test
    void saysWhetherOurRedirectUriMayBeUsedAtAll() {
        assertThat(look().redirectUsable()).isTrue();
        assertThat(AuthorizationPreflight.with(CLIENT, "http://claviger.internal")
                        .look(provider.mcpUrl().toString())
                        .redirectUsable())
                .isFalse();
    }

    private Seen look() {
        return look("https://claviger.example");
    }

    private Seen look(String publicUrl) {
        return AuthorizationPreflight.with(CLIENT, publicUrl)
                .look(provider.mcpUrl().toString());
    }

    private String origin() {
        String url = provider.mcpUrl().toString();
        return url.substring(0, url.length() - "/mcp".length());
    }
}
