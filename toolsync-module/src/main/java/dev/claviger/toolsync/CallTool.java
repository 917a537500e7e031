package dev.claviger.toolsync;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.CredentialUnavailable.Reason;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.FreshCredentials;
import dev.claviger.credentials.api.InHand;
import dev.claviger.credentials.api.UsedBy;
import dev.claviger.credentials.outbound.ExchangeScope;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.Calling.RecordToolCall;
import dev.claviger.toolsync.Calling.RequestToolCall;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCalls;
import dev.claviger.toolsync.api.ToolCatalogCommand.SyncTools;
import dev.claviger.toolsync.api.ToolCatalogEvent.CallOutcome;
import dev.claviger.toolsync.api.ToolCatalogRejected;
import dev.claviger.toolsync.protocol.CallResult;
import dev.claviger.toolsync.protocol.DualEraTransport;
import dev.claviger.toolsync.protocol.Forbidden;
import dev.claviger.toolsync.protocol.Limits;
import dev.claviger.toolsync.protocol.McpConnection;
import dev.claviger.toolsync.protocol.McpTarget;
import dev.claviger.toolsync.protocol.McpTransport;
import dev.claviger.toolsync.protocol.Unauthorized;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Calls a tool while somebody waits: first the event that wants it, then the call, then the command that records its end. */
@Component
class CallTool implements ToolCalls {

    private static final Logger log = LoggerFactory.getLogger(CallTool.class);

    private final McpTransport transport;
    private final FreshCredentials credentials;
    private final InHand inHand;
    private final CommandGateway commands;
    private final Catalogs catalogs;
    private final Duration timeLimit;

    CallTool(
            OutboundClient client,
            FreshCredentials credentials,
            InHand inHand,
            CommandGateway commands,
            Catalogs catalogs,
            @Value("${claviger.toolsync.call-time-limit:PT60S}") Duration timeLimit) {
        this.transport = new DualEraTransport(client);
        this.credentials = credentials;
        this.inHand = inHand;
        this.commands = commands;
        this.catalogs = catalogs;
        this.timeLimit = timeLimit;
    }

    @Override
    @SuppressWarnings("try")
    public Outcome call(ToolCall call) {
        Tool tool = catalogs.tool(call.catalogId(), call.tool())
                .orElseThrow(() -> new ToolCatalogRejected("The server offers no such tool; list its tools again."));
        request(call);
        long start = System.nanoTime();
        AtomicBoolean toolsChanged = new AtomicBoolean();
        Outcome outcome;
        try (ExchangeScope scope = ExchangeScope.of(attempt(call))) {
            outcome = new Attempts(call, tool, start, toolsChanged).outcome();
        } catch (RuntimeException | Error e) {
            // Whatever broke, the call has an end that is recorded; only the log says more.
            log.error("The tool call {} broke", call.callId(), e);
            outcome = new Outcome.Failed(new Failure(
                    FailureCode.TOOL_CALL_INTERRUPTED,
                    "The call broke on our side; the log has the cause under " + call.callId()
                            + ". The tool may have run."));
        }
        record(call, outcome, Duration.ofNanos(System.nanoTime() - start));
        if (toolsChanged.get()) {
            commands.sendAndWait(new SyncTools(
                    call.catalogId(),
                    UUID.randomUUID(),
                    call.serverUrl(),
                    call.headers(),
                    call.credentialId(),
                    call.credentialId() != null));
        }
        return outcome;
    }

    /** What is called without a credential belongs to no connection, so it is the connector's. */
    private static UUID attempt(ToolCall call) {
        return call.credentialId() == null
                ? call.catalogId().value()
                : call.credentialId().value();
    }

    private void request(ToolCall call) {
        try {
            commands.sendAndWait(new RequestToolCall(
                    call.catalogId(),
                    call.callId(),
                    call.tool(),
                    List.copyOf(call.arguments().propertyNames()),
                    call.credentialId()));
        } catch (AggregateNotFoundException e) {
            throw new ToolCatalogRejected("The server's tools are not known yet; list them first.");
        }
    }

    private void record(ToolCall call, Outcome outcome, Duration took) {
        Failure failure = outcome instanceof Outcome.Failed failed ? failed.failure() : null;
        commands.sendAndWait(new RecordToolCall(call.catalogId(), call.callId(), kind(outcome), failure, took));
    }

    private static CallOutcome kind(Outcome outcome) {
        if (outcome instanceof Outcome.Completed completed) {
            return completed.isError() ? CallOutcome.TOOL_ERROR : CallOutcome.RESULT;
        }
        if (outcome instanceof Outcome.InputRequired) {
            return CallOutcome.INPUT_REQUIRED;
        }
        return outcome instanceof Outcome.Challenged ? CallOutcome.CHALLENGED : CallOutcome.FAILED;
    }

    /** The one call, and once more where it was refused unprocessed. */
    private final class Attempts {

        private final ToolCall call;
        private final Tool tool;
        private final long start;
        private final AtomicBoolean toolsChanged;
        private final Masking masking = new Masking();

        Attempts(ToolCall call, Tool tool, long start, AtomicBoolean toolsChanged) {
            this.call = call;
            this.tool = tool;
            this.start = start;
            this.toolsChanged = toolsChanged;
        }

        Outcome outcome() {
            try {
                return firstAndSecond();
            } catch (Unauthorized e) {
                return new Outcome.Challenged(401, e.challenges());
            } catch (Forbidden e) {
                return new Outcome.Challenged(403, e.challenges());
            } catch (CredentialUnavailable e) {
                return e.reason() == Reason.NEEDS_CONSENT
                        ? new Outcome.Challenged(401, List.of())
                        : failed(ListTools.code(e), e);
            } catch (Refused e) {
                return failed(e.code(), e);
            } catch (Untrusted e) {
                return failed(e.code(), e);
            } catch (Unreachable e) {
                return failed(e.answerMayBeLost() ? FailureCode.TOOL_CALL_INTERRUPTED : FailureCode.MCP_UNREACHABLE, e);
            }
        }

        /** A call that was refused with 401 was not processed, so one more with a newer credential is no repetition. */
        @SuppressWarnings("try")
        private Outcome firstAndSecond() {
            CredentialId credentialId = call.credentialId();
            if (credentialId == null) {
                return attempt(null);
            }
            UsedBy us = new UsedBy(actor(), "tools/call " + call.tool(), MDC.get("source"));
            try (InHand.Hold hold = inHand.hold()) {
                FreshCredential shown = credentials.fresh(credentialId, us);
                try {
                    return attempt(shown);
                } catch (Unauthorized refusal) {
                    return attempt(ListTools.newer(credentials, shown, us, refusal));
                }
            }
        }

        private Outcome attempt(@Nullable FreshCredential credential) {
            if (credential != null) {
                masking.add(credential.headerValue());
            }
            PreparedAnswers answers = new PreparedAnswers(call.input(), call.answers(), masking);
            McpTarget target = new McpTarget(address(call), call.headers(), credential);
            try (McpConnection connection =
                    transport.connect(target, Limits.within(left()), catalogs.knownWay(call.catalogId()))) {
                connection.open();
                try {
                    return told(connection.callTool(tool, call.arguments(), answers), answers);
                } finally {
                    toolsChanged.compareAndSet(false, connection.toolsChanged());
                }
            }
        }

        /** The time limit holds for both attempts together. */
        private Duration left() {
            Duration left = timeLimit.minusNanos(System.nanoTime() - start);
            if (left.isNegative() || left.isZero()) {
                throw new Unreachable("The time for the call was over before it could be made", false, null);
            }
            return left;
        }

        private Outcome told(CallResult result, PreparedAnswers answers) {
            if (result instanceof CallResult.InputRequired required) {
                return new Outcome.InputRequired(
                        required.asked().stream().map(masking::of).toList());
            }
            CallResult.Result received = (CallResult.Result) result;
            return new Outcome.Completed(
                    received.callToolResult().path("isError").asBoolean(false),
                    masking.of(received.callToolResult()),
                    received.findings(),
                    answers.asked());
        }
    }

    private static URI address(ToolCall call) {
        try {
            return URI.create(call.serverUrl());
        } catch (IllegalArgumentException e) {
            throw new Untrusted(FailureCode.UNSAFE_ADDRESS, "The server's URL is not a valid address");
        }
    }

    private static String actor() {
        String actor = MDC.get("actor");
        return actor == null ? "system:toolsync" : actor;
    }

    private static Outcome failed(FailureCode code, RuntimeException e) {
        return new Outcome.Failed(new Failure(code, String.valueOf(e.getMessage())));
    }
}
