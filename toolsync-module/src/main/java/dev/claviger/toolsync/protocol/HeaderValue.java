package dev.claviger.toolsync.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Text as the value of a header: as it is where that is safe, otherwise in Base64 between two marks.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#value-encoding">MCP
 *     2026-07-28, value encoding</a>
 */
final class HeaderValue {

    private static final String BEGIN = "=?base64?";
    private static final String END = "?=";

    private HeaderValue() {}

    static String of(String text) {
        if (text.isEmpty()) {
            // The space is no part of the value (RFC 9110 section 5.5), and a line without any is easily lost on the
            // way.
            return " ";
        }
        boolean isPlain = text.chars().allMatch(c -> c >= ' ' && c <= '~')
                && !text.startsWith(" ")
                && !text.endsWith(" ")
                && !(text.startsWith(BEGIN) && text.endsWith(END));
        return isPlain ? text : BEGIN + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + END;
    }
}
