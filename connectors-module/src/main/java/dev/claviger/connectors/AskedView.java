package dev.claviger.connectors;

import dev.claviger.toolsync.api.ToolCalls.InputAsked;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a server asks the person, as a part of a form; the text is untrusted.
 *
 * @param number of it on the page; its parameters carry it
 * @param form whether there are fields to fill in
 * @param schema of the answer, sent along so that the answer can be read by it; null for a URL
 * @param url where the server wants the person to go, by a click only; null: nowhere, or to no safe address
 * @param host of {@code url}
 */
record AskedView(
        int number,
        String key,
        String message,
        boolean form,
        List<SchemaForm.Line> fields,
        @Nullable String schema,
        @Nullable String url,
        @Nullable String host) {

    static final int MOST = 10;
    private static final int LONGEST_MESSAGE = 4_000;

    static List<AskedView> of(List<InputAsked> asked) {
        List<AskedView> views = new ArrayList<>();
        for (InputAsked one : asked.subList(0, Math.min(MOST, asked.size()))) {
            int number = views.size();
            views.add(of(number, one, form -> form.blank()));
        }
        return views;
    }

    /** As it was sent back, with one sentence per field that cannot stay so. */
    static AskedView of(
            int number, InputAsked asked, UnaryOperator<@Nullable String> parameters, Map<String, String> errors) {
        return of(number, asked, form -> form.typed(parameters, errors));
    }

    /** The prefix of the parameters of its fields. */
    static String prefix(int number) {
        return "answer" + number;
    }

    private static AskedView of(int number, InputAsked asked, Function<SchemaForm, List<SchemaForm.Line>> lines) {
        JsonNode schema = asked.requestedSchema();
        URI url = schema == null && asked.url() != null ? safe(asked.url()) : null;
        String message = asked.message();
        return new AskedView(
                number,
                asked.key(),
                message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "…",
                schema != null,
                schema == null ? List.of() : lines.apply(new SchemaForm(prefix(number), schema)),
                schema == null ? null : schema.toString(),
                url == null ? null : url.toASCIIString(),
                url == null ? null : url.getHost());
    }

    /** Only https, and nobody named before the host, where a user name may look like another host. */
    private static @Nullable URI safe(String url) {
        try {
            URI uri = URI.create(url);
            boolean safe = "https".equals(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null;
            return safe ? uri : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
