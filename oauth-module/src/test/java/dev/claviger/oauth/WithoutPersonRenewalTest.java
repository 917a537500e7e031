package dev.claviger.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.RefreshFailure;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.vault.RefreshOutcome;
import dev.claviger.credentials.vault.RefreshOutcome.Failed;
import dev.claviger.credentials.vault.RefreshOutcome.Refreshed;
import dev.claviger.credentials.vault.RefreshOutcome.Rejected;
import dev.claviger.credentials.vault.SecretUnreadable;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.demoprovider.DemoProvider.RegisteredClient;
import dev.claviger.oauth.api.AuthorizationEvent.ClientObtained;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.ClientOrigin;
import dev.claviger.oauth.api.DiscoverySource;
import dev.claviger.oauth.api.OAuthSettings;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.oauth.api.OAuthSettings.IdentityProvider;
import dev.claviger.oauth.api.OAuthSettings.ResourceChoice;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;
import tools.jackson.databind.json.JsonMapper;

/** What the answers to a renewal without a person make of the credential. */
class WithoutPersonRenewalTest {

    private static final OutboundClient CLIENT = OutboundClient.guarded(List.of("127.0.0.1"), true);
    private static final CredentialId ID = new CredentialId(Fixtures.ID.value());

    private final DemoProvider provider = DemoProvider.start();
    private final OpenVault vault = new OpenVault();
    private AuthorizationRow row;
    private GrantRefresher refresher;

    @BeforeEach
    void wire() {
        AuthorizationTable table =
                new AuthorizationTable(JdbcClient.create(new NoDatabase()), JsonMapper.shared(), vault) {
                    @Override
                    Optional<AuthorizationRow> find(AuthorizationId id) {
                        return Optional.of(row);
                    }
                };
        ClientKeys keys = new ClientKeys(vault, null);
        RetireClient retireClient = new RetireClient(DefaultCommandGateway.builder()
                .commandBus(SimpleCommandBus.builder().build())
                .build());
        refresher = new GrantRefresher(
                table,
                CLIENT,
                keys,
                new AskForGrant(CLIENT, keys, new ObtainAssertion(CLIENT, keys, vault, null), new AskedScope(table)),
                retireClient);
        row = row(asTheClientItself());
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void asksForTheSameAgain() {
        assertThat(refresher.refresh(ID, null)).isInstanceOfSatisfying(Refreshed.class, renewed -> {
            assertThat(renewed.accessToken().reveal()).startsWith("at_");
            assertThat(renewed.refreshToken()).isNull();
            assertThat(renewed.expiresIn()).hasHours(1);
        });
        assertThat(refresher.refresh(ID, null)).isInstanceOf(Refreshed.class);
        assertThat(provider.requests())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.formParameters())
                        .containsEntry("grant_type", "client_credentials")
                        .containsEntry("scope", "notes:read notes:write")
                        .containsEntry("resource", provider.mcpUrl().toString()));
    }

    @Test
    void aClientThatIsRefusedLeavesTheGrantAlone() {
        provider.knobs().refuseGrants = true;
        assertFailed(RefreshFailure.CLIENT, "unauthorized_client");
        provider.knobs().refuseGrants = false;
        provider.forgetClients();
        assertFailed(RefreshFailure.CLIENT, "invalid_client");
    }

    @Test
    void aServerThatIsAwayOrOutOfItsMindLeavesTheGrantAlone() {
        provider.knobs().tokenEndpoint503 = true;
        assertFailed(RefreshFailure.THROTTLED, "503");
        provider.knobs().tokenEndpoint503 = false;
        provider.knobs().tokenEndpointHtml = true;
        assertFailed(RefreshFailure.UNKNOWN, "not JSON");
    }

    @Test
    void aShreddedSecretIsForAPersonToEnterAgain() {
        vault.open.clear();
        assertFailed(RefreshFailure.CLIENT, "enter it again");
        assertThat(provider.requests()).isEmpty();
    }

    @Test
    void anIdentityThatIsNoLongerAcceptedEndsTheGrant() {
        row = row(enterprise());
        assertThat(refresher.refresh(ID, null)).isInstanceOf(Refreshed.class);
        provider.expireSignIns();
        assertThat(refresher.refresh(ID, null)).isInstanceOfSatisfying(Rejected.class, dead -> {
            assertThat(dead.error()).isEqualTo("invalid_grant");
            assertThat(dead.description()).contains("Enter a new identity token");
        });
    }

    @Test
    void anIdentityProviderThatIsAwayOrRefusesOurClientEndsNothing() {
        row = row(enterprise());
        provider.knobs().identityProvider503 = true;
        assertFailed(RefreshFailure.THROTTLED, "503");
        provider.knobs().identityProvider503 = false;
        provider.knobs().identityProviderGivesAccessTokens = true;
        assertFailed(RefreshFailure.UNKNOWN, "issued_token_type");
        vault.open.replaceAll((ref, secret) -> secret.reveal().startsWith("ics_") ? Secret.of("wrong") : secret);
        assertFailed(RefreshFailure.CLIENT, "at the identity provider");
    }

    @Test
    void anAssertionThatTheAuthorizationServerDoesNotTakeEndsTheGrant() {
        row = row(enterprise());
        provider.knobs().refuseAssertions = true;
        assertThat(refresher.refresh(ID, null))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        dead -> assertThat(dead.description())
                                .contains("does not say whether it takes assertions")
                                .contains("trusts the identity provider"));
    }

    private void assertFailed(RefreshFailure failure, String detail) {
        RefreshOutcome outcome = refresher.refresh(ID, null);
        assertThat(outcome).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.failure()).isEqualTo(failure);
            assertThat(failed.detail()).contains(detail);
        });
    }

    private OAuthSettings asTheClientItself() {
        return settings(Grant.CLIENT_CREDENTIALS, null);
    }

    private OAuthSettings enterprise() {
        RegisteredClient there = provider.identityClient();
        return settings(
                Grant.ENTERPRISE_MANAGED,
                new IdentityProvider(
                        provider.identityProvider().toString(),
                        provider.identityProviderTokenEndpoint().toString(),
                        there.clientId(),
                        vault.seal(SecretPurpose.CLIENT_SECRET, Secret.of(String.valueOf(there.clientSecret()))),
                        vault.seal(SecretPurpose.SUBJECT_TOKEN, Secret.of(provider.idToken())),
                        "urn:ietf:params:oauth:token-type:id_token"));
    }

    private OAuthSettings settings(Grant grant, @Nullable IdentityProvider identityProvider) {
        RegisteredClient client = provider.registerClient(URI.create("http://127.0.0.1:1/callback"));
        return new OAuthSettings(
                null,
                null,
                client.clientId(),
                vault.seal(SecretPurpose.CLIENT_SECRET, Secret.of(String.valueOf(client.clientSecret()))),
                null,
                null,
                grant,
                null,
                null,
                ResourceChoice.AS_PUBLISHED,
                null,
                identityProvider);
    }

    private AuthorizationRow row(OAuthSettings settings) {
        MetadataDiscovered metadata = new MetadataDiscovered(
                Fixtures.ID,
                DiscoverySource.CHALLENGE,
                provider.mcpUrl().toString(),
                provider.issuer().toString(),
                null,
                provider.issuer() + "/token",
                null,
                null,
                null,
                List.of("notes:read", "notes:write"),
                List.of("notes:read", "notes:write", "offline_access"),
                List.of(),
                true,
                false);
        ClientObtained client = new ClientObtained(
                Fixtures.ID,
                ClientOrigin.PRE_REGISTERED,
                null,
                String.valueOf(settings.clientId()),
                settings.clientSecret(),
                "client_secret_basic",
                "An admin entered it.");
        return new AuthorizationRow(
                Fixtures.ID,
                Stage.GRANTED,
                null,
                Fixtures.started(settings),
                metadata,
                client,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static final class OpenVault implements Vault {
        private final Map<SecretRef, Secret> open = new HashMap<>();

        @Override
        public Secret open(SecretPurpose purpose, SecretRef ref) {
            Secret secret = open.get(ref);
            if (secret == null) {
                throw new SecretUnreadable("Secret " + ref.id() + " was shredded");
            }
            return secret;
        }

        @Override
        public SecretRef seal(SecretPurpose purpose, Secret secret) {
            SecretRef ref = new SecretRef(UUID.randomUUID(), "");
            open.put(ref, secret);
            return ref;
        }

        @Override
        public void shred(SecretRef ref) {
            open.remove(ref);
        }
    }

    private static final class NoDatabase extends AbstractDataSource {
        @Override
        public java.sql.Connection getConnection() {
            throw new AssertionError("No table is read here");
        }

        @Override
        public java.sql.Connection getConnection(String username, String password) {
            return getConnection();
        }
    }
}
