package dev.claviger.toolsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.CredentialUnavailable.Reason;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.FreshCredentials;
import dev.claviger.credentials.api.InHand;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.UsedBy;
import dev.claviger.credentials.outbound.LoopbackClient;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.toolsync.Listing.RecordAccess;
import dev.claviger.toolsync.Listing.RecordSyncFailure;
import dev.claviger.toolsync.Listing.RecordTools;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccessCheckRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncRequested;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ListToolsTest {

    private final DemoProvider provider = DemoProvider.start();
    private final List<UsedBy> uses = new ArrayList<>();
    private final List<Listing> recorded = new ArrayList<>();
    private final CommandBus bus = SimpleCommandBus.builder().build();
    private final CredentialId credentialId = new CredentialId(UUID.randomUUID());
    private Answering credentials = (id, usedBy) -> {
        uses.add(usedBy);
        return new FreshCredential(id, "X-Api-Key", Secret.of(provider.apiKey()), 1, null);
    };

    @BeforeEach
    void record() {
        for (Class<?> outcome : List.of(RecordTools.class, RecordSyncFailure.class, RecordAccess.class)) {
            bus.subscribe(outcome.getName(), message -> recorded.add((Listing) message.getPayload()));
        }
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void recordsTheTools() {
        SyncRequested sync = sync(provider.apiKeyMcpUrl(), credentialId, false);
        effect().perform(sync);

        assertThat(uses).containsExactly(new UsedBy("system:toolsync", "tools/list", null));
        RecordTools tools = (RecordTools) recorded.get(0);
        assertThat(tools.syncId()).isEqualTo(sync.syncId());
        assertThat(tools.server().name()).isEqualTo("acme-notes");
        assertThat(tools.listing().tools()).extracting(Tool::name).hasSameSizeAs(provider.knobs().tools);
    }

    @Test
    void asksForNoCredentialWhereNoneIsNamed() {
        effect().perform(sync(provider.openMcpUrl(), null, true));
        assertThat(recorded).singleElement().isInstanceOf(RecordTools.class);
        assertThat(uses).isEmpty();
    }

    @Test
    void leavesTheCredentialInTheVaultUntilTheServerAsks() {
        effect().perform(sync(provider.openListMcpUrl(), credentialId, true));
        assertThat(uses).isEmpty();
        effect().perform(sync(provider.apiKeyMcpUrl(), credentialId, true));
        assertThat(uses).hasSize(1);
        assertThat(recorded)
                .hasSize(2)
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(RecordTools.class));
    }

    @Test
    void saysThatTheServerRefusedTheCredential() {
        credentials = (id, usedBy) -> new FreshCredential(id, "X-Api-Key", Secret.of("wrong"), 1, null);
        effect().perform(sync(provider.apiKeyMcpUrl(), credentialId, false));
        assertThat(failure().failure().code()).isEqualTo(FailureCode.CREDENTIAL_REFUSED);
        assertThat(failure().failure().detail())
                .contains("replace the credential")
                .doesNotContain("wrong");
    }

    @Test
    void showsARenewedCredentialOnceWhenTheServerRefusesTheFirst() {
        List<Long> refused = new ArrayList<>();
        FreshCredentials renewing = new FreshCredentials() {
            @Override
            public FreshCredential fresh(CredentialId id, UsedBy usedBy) {
                return new FreshCredential(id, "X-Api-Key", Secret.of("refused"), 4, null);
            }

            @Override
            public FreshCredential freshAfterRefusal(CredentialId id, long refusedGeneration, UsedBy usedBy) {
                refused.add(refusedGeneration);
                return new FreshCredential(id, "X-Api-Key", Secret.of(provider.apiKey()), 5, null);
            }
        };
        new ListTools(
                        LoopbackClient.create(),
                        renewing,
                        new InHand(),
                        DefaultCommandGateway.builder().commandBus(bus).build(),
                        new NoCatalogs(),
                        Duration.ofSeconds(10))
                .perform(sync(provider.apiKeyMcpUrl(), credentialId, false));

        assertThat(recorded).singleElement().isInstanceOf(RecordTools.class);
        assertThat(refused).containsExactly(4L);
    }

    @Test
    void saysThatTheServerWantsACredential() {
        effect().perform(sync(provider.apiKeyMcpUrl(), null, false));
        assertThat(failure().failure().code()).isEqualTo(FailureCode.CREDENTIAL_REFUSED);
        assertThat(failure().failure().detail()).contains("wants a credential");
    }

    @Test
    void recordsWhatWillNotGetBetter() {
        provider.knobs().noToolsCapability = true;
        effect().perform(sync(provider.openMcpUrl(), null, false));
        assertThat(failure().failure().code()).isEqualTo(FailureCode.NO_TOOLS_CAPABILITY);
        recorded.clear();
        effect().perform(sync(URI.create("http://169.254.169.254/mcp"), null, false));
        assertThat(failure().failure().code()).isEqualTo(FailureCode.UNSAFE_ADDRESS);
        recorded.clear();
        effect().perform(new SyncRequested(
                new ToolCatalogId(UUID.randomUUID()), UUID.randomUUID(), "no url", Map.of(), null, false));
        assertThat(failure().failure().code()).isEqualTo(FailureCode.UNSAFE_ADDRESS);
    }

    @Test
    void triesAgainWhatMayGetBetterAndSaysSoInTheEnd() {
        provider.knobs().mcp503 = true;
        SyncRequested sync = sync(provider.openMcpUrl(), null, false);
        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(() -> effect().perform(sync))
                .satisfies(e -> effect().giveUp(sync, e));
        assertThat(failure().failure().code()).isEqualTo(FailureCode.MCP_UNREACHABLE);
        assertThat(failure().failure().detail()).contains("503");
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"NEEDS_CONSENT", "REVOKED"})
    void recordsThatThereIsNoCredential(Reason reason) {
        unavailable(reason);
        effect().perform(sync(provider.apiKeyMcpUrl(), credentialId, false));
        assertThat(failure().failure().code()).isEqualTo(FailureCode.CREDENTIAL_UNAVAILABLE);
        assertThat(provider.requests()).isEmpty();
    }

    @Test
    void waitsForACredentialThatMayComeBack() {
        unavailable(Reason.TRY_LATER);
        SyncRequested sync = sync(provider.apiKeyMcpUrl(), credentialId, false);
        assertThatExceptionOfType(Unreachable.class)
                .isThrownBy(() -> effect().perform(sync))
                .satisfies(e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(9)))
                .satisfies(e -> effect().giveUp(sync, e));
        assertThat(failure().failure().code()).isEqualTo(FailureCode.CREDENTIAL_UNAVAILABLE);
    }

    @Test
    void admitsAFaultOfItsOwn() {
        SyncRequested sync = sync(provider.openMcpUrl(), null, false);
        effect().giveUp(sync, new IllegalStateException("secret detail"));
        assertThat(failure().failure().detail())
                .contains(sync.syncId().toString())
                .doesNotContain("secret");
    }

    @Test
    void triesACredentialWithoutTakingOverTheTools() {
        AccessCheckRequested check = new AccessCheckRequested(
                new ToolCatalogId(UUID.randomUUID()),
                UUID.randomUUID(),
                provider.apiKeyMcpUrl().toString(),
                Map.of(),
                credentialId);
        TryCredential effect = new TryCredential(
                effect(), DefaultCommandGateway.builder().commandBus(bus).build());

        effect.perform(check);
        assertThat(recorded).containsExactly(new RecordAccess(check.catalogId(), check.checkId(), null));

        recorded.clear();
        credentials = (id, usedBy) -> new FreshCredential(id, "X-Api-Key", Secret.of("wrong"), 1, null);
        new TryCredential(
                        effect(),
                        DefaultCommandGateway.builder().commandBus(bus).build())
                .perform(check);
        assertThat(recorded)
                .singleElement()
                .satisfies(outcome -> assertThat(((RecordAccess) outcome).failure())
                        .extracting(Failure::code)
                        .isEqualTo(FailureCode.CREDENTIAL_REFUSED));

        recorded.clear();
        effect.giveUp(check, new Unreachable("down", false, null));
        assertThat(recorded)
                .singleElement()
                .satisfies(outcome -> assertThat(((RecordAccess) outcome).failure())
                        .isEqualTo(new Failure(FailureCode.MCP_UNREACHABLE, "down")));
    }

    private void unavailable(Reason reason) {
        credentials = (id, usedBy) -> {
            throw new CredentialUnavailable(reason, "Not now", Duration.ofSeconds(9));
        };
    }

    private RecordSyncFailure failure() {
        assertThat(recorded).singleElement().isInstanceOf(RecordSyncFailure.class);
        return (RecordSyncFailure) recorded.get(0);
    }

    private ListTools effect() {
        return new ListTools(
                LoopbackClient.create(),
                credentials,
                new InHand(),
                DefaultCommandGateway.builder().commandBus(bus).build(),
                new NoCatalogs(),
                Duration.ofSeconds(10));
    }

    private static SyncRequested sync(URI url, CredentialId credentialId, boolean credentialIfAsked) {
        return new SyncRequested(
                new ToolCatalogId(UUID.randomUUID()),
                UUID.randomUUID(),
                url.toString(),
                Map.of(),
                credentialId,
                credentialIfAsked);
    }

    /** There is never a newer credential than the one refused. */
    private interface Answering extends FreshCredentials {
        @Override
        default FreshCredential freshAfterRefusal(CredentialId id, long refusedGeneration, UsedBy usedBy) {
            throw new CredentialUnavailable(Reason.NEEDS_CONSENT, "There is no other");
        }
    }
}
