package dev.claviger.connectors;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which request headers an admin may choose: none that carry our own credential, the framing, or the MCP protocol.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2">RFC 9110 section 5.6.2</a>
 */
final class HeaderRules {

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");
    private static final Pattern VALUE = Pattern.compile("[\\x21-\\x7E]([\\x20-\\x7E]{0,998}[\\x21-\\x7E])?");
    private static final Set<String> OURS = Set.of(
            "authorization",
            "cookie",
            "set-cookie",
            "host",
            "connection",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "expect",
            "last-event-id");
    private static final List<String> OUR_PREFIXES = List.of("content-", "accept", "mcp-", "proxy-");

    private HeaderRules() {}

    /** Answers what is wrong with a header's name, or null. */
    static @Nullable String name(String name) {
        if (!TOKEN.matcher(name).matches()) {
            return "Use letters, digits and hyphens in a header name, at most 100 of them.";
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return OURS.contains(lower) || OUR_PREFIXES.stream().anyMatch(lower::startsWith)
                ? "Choose another header than " + name + ": that one is set by Claviger itself."
                : null;
    }

    /** Answers what is wrong with custom headers, or null. */
    static @Nullable String customHeaders(Map<String, String> headers, @Nullable String keyHeader) {
        if (headers.size() > 20) {
            return "Keep to at most 20 custom headers.";
        }
        Set<String> seen = new HashSet<>();
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String wrong = name(header.getKey());
            if (wrong != null) {
                return wrong;
            }
            if (header.getKey().equalsIgnoreCase(keyHeader)) {
                return "Take " + header.getKey() + " out of the custom headers: it carries the API key.";
            }
            if (!seen.add(header.getKey().toLowerCase(Locale.ROOT))) {
                return "Enter the custom header " + header.getKey() + " once only.";
            }
            if (!VALUE.matcher(header.getValue()).matches()) {
                return "Give the custom header " + header.getKey() + " a value of visible ASCII characters.";
            }
        }
        return null;
    }
}
