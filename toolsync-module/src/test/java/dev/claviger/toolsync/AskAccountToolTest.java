package dev.claviger.toolsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.CredentialUnavailable.Reason;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.FreshCredentials;
import dev.claviger.credentials.api.Identification;
import dev.claviger.credentials.api.InHand;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.UsedBy;
import dev.claviger.credentials.outbound.LoopbackClient;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccountAsked;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class AskAccountToolTest {

    private final DemoProvider provider = DemoProvider.start();
    private String shown = provider.apiKey();
    private CredentialUnavailable unavailable;

    private final FreshCredentials credentials = new FreshCredentials() {
        @Override
        public FreshCredential fresh(CredentialId id, UsedBy usedBy) {
            if (unavailable != null) {
                throw unavailable;
            }
            return new FreshCredential(id, "X-Api-Key", Secret.of(shown), 1, null);
        }

        @Override
        public FreshCredential freshAfterRefusal(CredentialId id, long refusedGeneration, UsedBy usedBy) {
            throw new CredentialUnavailable(Reason.NEEDS_CONSENT, "There is no other");
        }
    };

    @BeforeEach
    void offer() {
        provider.knobs().whoami = true;
        provider.knobs().account = Map.of("id", 7, "login", "ann");
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void tellsWhoseCredentialItIs() {
        Account account = ask("whoami").account();
        assertThat(account.shown()).isEqualTo("ann");
        assertThat(account.subject()).isEqualTo("7");
        assertThat(account.issuer()).isEqualTo(provider.apiKeyMcpUrl().toString());
        assertThat(account.tool()).isEqualTo("whoami");
        assertThat(account.source()).isEqualTo(Account.Source.TOOL);
    }

    @Test
    void callsNothingThatTheServerDoesNotList() {
        assertThat(why("get_me")).contains("get_me", "not among the tools");
        assertThat(calls()).isZero();
    }

    @Test
    void callsNothingThatWantsArgumentsOrDoesMoreThanRead() {
        provider.knobs().whoami = false;
        provider.knobs().tools =
                List.of(Map.of("name", "whoami", "inputSchema", Map.of("type", "object", "required", List.of("team"))));
        assertThat(why("whoami")).contains("wants arguments");
        provider.knobs().tools = List.of(Map.of(
                "name",
                "whoami",
                "inputSchema",
                Map.of("type", "object"),
                "annotations",
                Map.of("readOnlyHint", false)));
        assertThat(why("whoami")).contains("more than read");
        assertThat(calls()).isZero();
    }

    @Test
    void callsAToolThatSaysNothingOfItselfBecauseAnAdminChoseIt() {
        provider.knobs().whoami = false;
        provider.knobs().tools = List.of(Map.of("name", "whoami", "inputSchema", Map.of("type", "object")));
        assertThat(ask("whoami").account()).isNotNull();
    }

    @Test
    void doubtsAnErrorOfTheTool() {
        provider.knobs().whoamiAnswer =
                Map.of("isError", true, "content", List.of(Map.of("type", "text", "text", "{\"login\":\"ann\"}")));
        assertThat(why("whoami")).contains("answered with an error");
    }

    @Test
    void doubtsAnAnswerThatNamesNobody() {
        provider.knobs().whoamiAnswer = Map.of("content", List.of());
        assertThat(why("whoami")).contains("reads an account");
    }

    @Test
    void givesNothingToAToolThatAsksBack() {
        provider.knobs().modern = true;
        provider.knobs().asksForInput = true;
        assertThat(why("whoami")).contains("asks for input");
    }

    @Test
    void takesTheCredentialThatAServerRepeatsForNoAccount() {
        provider.knobs().whoamiAnswer =
                Map.of("content", List.of(Map.of("type", "text", "text", "{\"login\":\"" + provider.apiKey() + "\"}")));
        assertThat(ask("whoami").toString()).doesNotContain(provider.apiKey());
        assertThat(why("whoami")).contains("reads an account");
    }

    @Test
    void doubtsWhereTheServerDoesNotLetTheCredentialIn() {
        shown = "refused";
        assertThat(why("whoami")).contains("may not be called with this credential");
    }

    @Test
    void triesAgainLaterWhereNobodyAnswers() {
        provider.knobs().mcp503 = true;
        assertThatExceptionOfType(Unreachable.class).isThrownBy(() -> ask("whoami"));
        unavailable = new CredentialUnavailable(Reason.TRY_LATER, "Not now");
        assertThatExceptionOfType(Unreachable.class).isThrownBy(() -> ask("whoami"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"TRY_LATER"})
    void doubtsWithoutACredential(Reason reason) {
        unavailable = new CredentialUnavailable(reason, "There is none");
        assertThat(why("whoami")).contains("could not be asked: There is none");
        assertThat(provider.requests()).isEmpty();
    }

    @Test
    void asksNoForbiddenAddress() {
        assertThat(ask("whoami", URI.create("http://169.254.169.254/mcp")).doubted())
                .isTrue();
    }

    private String why(String tool) {
        Identification answer = ask(tool);
        assertThat(answer.account()).isNull();
        assertThat(answer.doubted()).isTrue();
        return answer.why();
    }

    private Identification ask(String tool) {
        return ask(tool, provider.apiKeyMcpUrl());
    }

    private Identification ask(String tool, URI url) {
        return new AskAccountTool(
                        LoopbackClient.create(),
                        credentials,
                        new InHand(),
                        DefaultCommandGateway.builder()
                                .commandBus(SimpleCommandBus.builder().build())
                                .build(),
                        new NoCatalogs(),
                        Duration.ofSeconds(5))
                .answer(new AccountAsked(
                        new ToolCatalogId(UUID.randomUUID()),
                        UUID.randomUUID(),
                        tool,
                        url.toString(),
                        Map.of(),
                        new CredentialId(UUID.randomUUID())));
    }

    private long calls() {
        return provider.requests().stream()
                .filter(request -> request.body().contains("tools/call"))
                .count();
    }
}
