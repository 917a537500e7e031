package dev.claviger.toolsync.protocol;

import dev.claviger.toolsync.api.ToolCalls.InputAsked;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What a server answered to {@code tools/call}. */
public sealed interface CallResult {

    /**
     * @param callToolResult as received; untrusted
     * @param findings what is wrong with it; sentences of ours
     */
    record Result(JsonNode callToolResult, List<String> findings) implements CallResult {}

    /** The tool waits for input that was not given; calling again begins anew (MCP 2026-07-28, multi-round-trip). */
    record InputRequired(List<InputAsked> asked) implements CallResult {}
}
