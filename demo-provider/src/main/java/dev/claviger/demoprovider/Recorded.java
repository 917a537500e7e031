package dev.claviger.demoprovider;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request as it arrived.
 *
 * @param query raw, without the question mark; empty: none
 * @param headers by lower-case name
 */
public record Recorded(
        String method, String path, String query, Map<String, List<String>> headers, String body, Instant at) {

    /** The first value of a header, its name in any case. */
    public @Nullable String header(String name) {
        List<String> values = headers.get(name.toLowerCase(java.util.Locale.ROOT));
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    /** The decoded parameters of the query. */
    public Map<String, String> queryParameters() {
        return Form.decode(query);
    }

    /** The decoded parameters of a form body. */
    public Map<String, String> formParameters() {
        return Form.decode(body);
    }
}
