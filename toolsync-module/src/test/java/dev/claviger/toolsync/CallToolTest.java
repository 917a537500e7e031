package dev.claviger.toolsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.CredentialUnavailable.Reason;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.FreshCredentials;
import dev.claviger.credentials.api.InHand;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.UsedBy;
import dev.claviger.credentials.outbound.LoopbackClient;
import dev.claviger.demoprovider.DemoProvider;
import dev.claviger.toolsync.Calling.RecordToolCall;
import dev.claviger.toolsync.Calling.RequestToolCall;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCalls.InputPolicy;
import dev.claviger.toolsync.api.ToolCalls.Outcome;
import dev.claviger.toolsync.api.ToolCalls.ToolCall;
import dev.claviger.toolsync.api.ToolCatalogEvent.CallOutcome;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.api.ToolCatalogRejected;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Timeout(30)
class CallToolTest {

    private static final JsonMapper JSON = new JsonMapper();

    private final DemoProvider provider = DemoProvider.start();
    private final List<Calling> recorded = new ArrayList<>();
    private final List<String> uses = new ArrayList<>();
    private final CommandBus bus = SimpleCommandBus.builder().build();
    private final CredentialId credentialId = new CredentialId(UUID.randomUUID());
    private String first = provider.apiKey();
    private String renewed = "";

    private final FreshCredentials credentials = new FreshCredentials() {
        @Override
        public FreshCredential fresh(CredentialId id, UsedBy usedBy) {
            uses.add(usedBy.purpose());
            return new FreshCredential(id, "X-Api-Key", Secret.of(first), 1, null);
        }

        @Override
        public FreshCredential freshAfterRefusal(CredentialId id, long refusedGeneration, UsedBy usedBy) {
            if (renewed.isEmpty()) {
                throw new CredentialUnavailable(Reason.NEEDS_CONSENT, "There is no other");
            }
            return new FreshCredential(id, "X-Api-Key", Secret.of(renewed), refusedGeneration + 1, null);
        }
    };

    @BeforeEach
    void record() {
        for (Class<?> command : List.of(RequestToolCall.class, RecordToolCall.class)) {
            bus.subscribe(command.getName(), message -> recorded.add((Calling) message.getPayload()));
        }
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void recordsTheCallBeforeAndAfterWithoutTheValuesOfItsArguments() {
        Outcome outcome = call("search_notes", "{\"query\":\"cake\"}", provider.apiKeyMcpUrl());

        assertThat(completed(outcome).isError()).isFalse();
        assertThat(completed(outcome).result().path("structuredContent").path("notes"))
                .hasSize(1);
        RequestToolCall request = (RequestToolCall) recorded.get(0);
        assertThat(request.arguments()).containsExactly("query");
        assertThat(ended().outcome()).isEqualTo(CallOutcome.RESULT);
        assertThat(ended().took()).isPositive();
        assertThat(recorded.toString()).doesNotContain("cake");
        assertThat(uses).containsExactly("tools/call search_notes");
    }

    @Test
    void tellsAnErrorOfTheTool() {
        assertThat(completed(call("create_note", "{}", provider.apiKeyMcpUrl())).isError())
                .isTrue();
        assertThat(ended().outcome()).isEqualTo(CallOutcome.TOOL_ERROR);
    }

    @Test
    void masksTheCredentialThatAServerRepeats() {
        Outcome outcome = call(
                "get_weather",
                JSON.createObjectNode().put("city", provider.apiKey()).toString(),
                provider.apiKeyMcpUrl());

        assertThat(completed(outcome).result().toString())
                .contains("Sunny", "***")
                .doesNotContain(provider.apiKey());
    }

    @Test
    void callsOnceMoreWithARenewedCredential() {
        first = "refused";
        renewed = provider.apiKey();
        completed(call("list_notebooks", "{}", provider.apiKeyMcpUrl()));
        assertThat(ended().outcome()).isEqualTo(CallOutcome.RESULT);
    }

    @Test
    void tellsTheChallengeWhereNoCredentialHelps() {
        first = "refused";
        assertThat(call("list_notebooks", "{}", provider.apiKeyMcpUrl()))
                .isInstanceOfSatisfying(
                        Outcome.Challenged.class,
                        challenged -> assertThat(challenged.status()).isEqualTo(401));
        assertThat(ended().outcome()).isEqualTo(CallOutcome.CHALLENGED);
        assertThat(recorded).hasSize(2);
    }

    @Test
    void neverRepeatsACallWhoseAnswerMayBeLost() {
        provider.knobs().sseEndless = true;
        Outcome outcome = call("create_note", "{\"notebook\":\"work\",\"title\":\"x\"}", provider.openMcpUrl());
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        assertThat(provider.requests().stream()
                        .filter(request -> request.body().contains("tools/call"))
                        .count())
                .isLessThanOrEqualTo(1);
    }

    @Test
    void saysWhichFailureItWas() {
        provider.knobs().tools = List.of();
        assertThat(failure(call("list_notebooks", "{}", provider.openMcpUrl())))
                .isEqualTo(FailureCode.TOOL_CALL_REFUSED);
        provider.knobs().mcp503 = true;
        assertThat(failure(call("list_notebooks", "{}", provider.openMcpUrl()))).isEqualTo(FailureCode.MCP_UNREACHABLE);
        assertThat(failure(call("list_notebooks", "{}", URI.create("http://169.254.169.254/mcp"))))
                .isEqualTo(FailureCode.UNSAFE_ADDRESS);
        assertThat(recorded).hasSize(6);
    }

    @Test
    void callsNothingThatTheCatalogueDoesNotHave() {
        assertThatExceptionOfType(ToolCatalogRejected.class)
                .isThrownBy(() -> call("unknown", "{}", provider.openMcpUrl()));
        assertThat(recorded).isEmpty();
        bus.subscribe(RequestToolCall.class.getName(), message -> {
            throw new AggregateNotFoundException("none", "none");
        });
        assertThatExceptionOfType(ToolCatalogRejected.class)
                .isThrownBy(() -> call("list_notebooks", "{}", provider.openMcpUrl()));
        assertThat(provider.requests()).isEmpty();
    }

    private Outcome call(String tool, String arguments, URI url) {
        NoCatalogs catalogs = new NoCatalogs() {
            @Override
            public Optional<Tool> tool(ToolCatalogId catalogId, String name) {
                return name.equals("unknown")
                        ? Optional.empty()
                        : Optional.of(new Tool(name, JSON.readTree("{\"name\":\"" + name + "\",\"inputSchema\":{}}")));
            }
        };
        CallTool calls = new CallTool(
                LoopbackClient.create(),
                credentials,
                new InHand(),
                DefaultCommandGateway.builder().commandBus(bus).build(),
                catalogs,
                Duration.ofSeconds(3));
        return calls.call(new ToolCall(
                new ToolCatalogId(UUID.randomUUID()),
                UUID.randomUUID(),
                tool,
                (ObjectNode) JSON.readTree(arguments),
                url.toString(),
                Map.of(),
                url.equals(provider.apiKeyMcpUrl()) ? credentialId : null,
                InputPolicy.ASK_THE_PERSON,
                Map.of()));
    }

    private static Outcome.Completed completed(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Completed.class);
        return (Outcome.Completed) outcome;
    }

    private static FailureCode failure(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed) outcome).failure().code();
    }

    private RecordToolCall ended() {
        return (RecordToolCall) recorded.get(recorded.size() - 1);
    }
}
