package dev.claviger.toolsync;

import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.FreshCredentials;
import dev.claviger.credentials.api.Identification;
import dev.claviger.credentials.api.InHand;
import dev.claviger.credentials.api.UsedBy;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.Listing.RecordAccount;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCatalogEvent.AccountAsked;
import dev.claviger.toolsync.protocol.CallResult;
import dev.claviger.toolsync.protocol.DualEraTransport;
import dev.claviger.toolsync.protocol.Elicitor.Action;
import dev.claviger.toolsync.protocol.Elicitor.Answer;
import dev.claviger.toolsync.protocol.Forbidden;
import dev.claviger.toolsync.protocol.Limits;
import dev.claviger.toolsync.protocol.McpConnection;
import dev.claviger.toolsync.protocol.McpTarget;
import dev.claviger.toolsync.protocol.McpTransport;
import dev.claviger.toolsync.protocol.Unauthorized;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Calls the tool that an admin chose to say whose account a credential is. What the server lists now decides whether it is
 * called: a tool that wants arguments or calls itself a writing one is not. What it asks meanwhile is declined.
 */
@Component
class AskAccountTool extends Effect<AccountAsked> {

    private final McpTransport transport;
    private final FreshCredentials credentials;
    private final InHand inHand;
    private final CommandGateway commands;
    private final Catalogs catalogs;
    private final Duration timeLimit;

    AskAccountTool(
            OutboundClient client,
            FreshCredentials credentials,
            InHand inHand,
            CommandGateway commands,
            Catalogs catalogs,
            @Value("${claviger.toolsync.time-limit:PT60S}") Duration timeLimit) {
        super("toolsync.ask-account", AccountAsked.class, 3, Duration.ofSeconds(2));
        this.transport = new DualEraTransport(client);
        this.credentials = credentials;
        this.inHand = inHand;
        this.commands = commands;
        this.catalogs = catalogs;
        this.timeLimit = timeLimit;
    }

    @Override
    protected UUID attempt(AccountAsked asked) {
        return asked.credentialId().value();
    }

    @Override
    protected void perform(AccountAsked asked) {
        record(asked, answer(asked));
    }

    @Override
    protected void giveUp(AccountAsked asked, RuntimeException cause) {
        record(
                asked,
                untold(
                        asked,
                        cause instanceof Unreachable
                                ? "could not be asked: " + cause.getMessage()
                                : "could not be asked: something broke in Claviger, and its log says what"));
    }

    /** Asks and says what came of it, recording nothing. */
    Identification answer(AccountAsked asked) {
        try {
            return ask(asked);
        } catch (Unauthorized | Forbidden e) {
            return untold(asked, "may not be called with this credential, says the server");
        } catch (CredentialUnavailable e) {
            if (e.reason() == CredentialUnavailable.Reason.TRY_LATER) {
                throw ListTools.later(e);
            }
            return untold(asked, "could not be asked: " + e.getMessage());
        } catch (Refused | Untrusted e) {
            return untold(asked, "could not be asked: " + e.getMessage());
        }
    }

    @SuppressWarnings("try")
    private Identification ask(AccountAsked asked) {
        UsedBy us = new UsedBy("system:toolsync", "tools/call " + asked.tool(), null);
        try (InHand.Hold hold = inHand.hold()) {
            FreshCredential shown = credentials.fresh(asked.credentialId(), us);
            try {
                return ask(asked, shown);
            } catch (Unauthorized refusal) {
                return ask(asked, ListTools.newer(credentials, shown, us, refusal));
            }
        }
    }

    private Identification ask(AccountAsked asked, FreshCredential credential) {
        McpTarget target = new McpTarget(address(asked), asked.headers(), credential);
        try (McpConnection connection =
                transport.connect(target, Limits.within(timeLimit), catalogs.knownWay(asked.catalogId()))) {
            connection.open();
            Tool tool = connection.listTools().tools().stream()
                    .filter(listed -> listed.name().equals(asked.tool()))
                    .findFirst()
                    .orElse(null);
            String obstacle = obstacle(tool);
            if (tool == null || obstacle != null) {
                return untold(asked, String.valueOf(obstacle));
            }
            return told(
                    asked,
                    connection.callTool(
                            tool, JsonNodeFactory.instance.objectNode(), question -> new Answer(Action.DECLINE, null)),
                    credential);
        }
    }

    private static @Nullable String obstacle(@Nullable Tool tool) {
        if (tool == null) {
            return "is not among the tools that the server lists to this credential";
        }
        if (AccountToolGuess.wantsArguments(tool)) {
            return "was not called: it wants arguments";
        }
        return tool.definition().path("annotations").path("readOnlyHint").booleanValue(true)
                ? null
                : "was not called: the server says that it does more than read";
    }

    private static Identification told(AccountAsked asked, CallResult answer, FreshCredential credential) {
        if (!(answer instanceof CallResult.Result result)) {
            return untold(asked, "asks for input instead of saying who this is");
        }
        if (result.callToolResult().path("isError").booleanValue(false)) {
            return untold(asked, "answered with an error");
        }
        Masking masking = new Masking();
        masking.add(credential.headerValue());
        Account account = AccountReading.read(asked.serverUrl(), asked.tool(), masking.of(result.callToolResult()));
        return account == null
                ? untold(asked, "answered, but not in a way that Claviger reads an account from")
                : Identification.of(account);
    }

    /** An admin chose it to make sure, so its silence is a doubt. */
    private static Identification untold(AccountAsked asked, String why) {
        return Identification.doubted("The tool “" + asked.tool() + "” " + why + ".");
    }

    private void record(AccountAsked asked, Identification identification) {
        commands.sendAndWait(new RecordAccount(asked.catalogId(), asked.askId(), identification));
    }

    private static URI address(AccountAsked asked) {
        try {
            return URI.create(asked.serverUrl());
        } catch (IllegalArgumentException e) {
            throw new Untrusted(FailureCode.UNSAFE_ADDRESS, "The server's URL is not a valid address");
        }
    }
}
