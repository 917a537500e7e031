package dev.claviger.toolsync.protocol;

import tools.jackson.databind.JsonNode;

/**
 * The error codes that only servers of the modern era use.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic#error-codes">MCP 2026-07-28, error codes</a>
 */
final class ModernError {

    static final int HEADER_MISMATCH = -32020;
    static final int MISSING_CAPABILITY = -32021;
    static final int UNSUPPORTED_VERSION = -32022;

    private ModernError() {}

    /** Whether an answer can only come from a modern server: such an error, or an unknown method under status 404 (C87). */
    static boolean isIn(int status, JsonNode message) {
        int code = JsonRpc.errorCode(message);
        return code == HEADER_MISMATCH
                || code == MISSING_CAPABILITY
                || code == UNSUPPORTED_VERSION
                || (status == 404 && code == JsonRpc.METHOD_NOT_FOUND);
    }
}
