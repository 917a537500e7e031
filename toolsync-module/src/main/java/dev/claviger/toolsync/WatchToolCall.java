package dev.claviger.toolsync;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.toolsync.Calling.RecordToolCall;
import dev.claviger.toolsync.WatchToolCall.WatchedCall;
import dev.claviger.toolsync.api.ToolCatalogEvent.CallOutcome;
import dev.claviger.toolsync.api.ToolCatalogId;
import java.time.Duration;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Ends a tool call whose process died on the way: the tool may have run, so it is never called again. */
@Component
class WatchToolCall extends Effect<WatchedCall> {

    /** The call to look after. */
    record WatchedCall(ToolCatalogId catalogId, UUID callId) {}

    static final Failure INTERRUPTED = new Failure(
            FailureCode.TOOL_CALL_INTERRUPTED,
            "The process that called the tool ended before an answer came; the tool may have run.");

    private static final Logger log = LoggerFactory.getLogger(WatchToolCall.class);

    /** A refresh of the credential and the recording come on top of the call itself. */
    private static final Duration MARGIN = Duration.ofSeconds(60);

    private final CommandGateway commands;
    private final Duration patience;

    WatchToolCall(
            CommandGateway commands, @Value("${claviger.toolsync.call-time-limit:PT60S}") Duration callTimeLimit) {
        super("toolsync.watch-tool-call", WatchedCall.class, 20, Duration.ofSeconds(1));
        this.commands = commands;
        this.patience = callTimeLimit.plus(MARGIN);
    }

    /** How long after its beginning a call must be over. */
    Duration patience() {
        return patience;
    }

    @Override
    protected void perform(WatchedCall call) {
        commands.sendAndWait(
                new RecordToolCall(call.catalogId(), call.callId(), CallOutcome.FAILED, INTERRUPTED, patience));
    }

    @Override
    protected void giveUp(WatchedCall call, RuntimeException cause) {
        log.error("The tool call {} of {} could not be recorded as interrupted", call.callId(), call.catalogId());
    }
}
