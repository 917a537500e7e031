package dev.claviger.connectors;

import dev.claviger.toolsync.api.Tool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tool on a page; what its server says of it is untrusted and shortened.
 *
 * @param address the name as it stands in an address
 * @param hints what its annotations claim, in words
 * @param definition the whole definition, as JSON
 */
record ToolLine(
        String name,
        String address,
        @Nullable String title,
        @Nullable String description,
        List<String> hints,
        String definition,
        boolean chosen) {

    private static final int LONGEST = 400;
    private static final int LONGEST_DEFINITION = 10_000;

    static ToolLine of(Tool tool) {
        return of(tool, false);
    }

    static ToolLine of(Tool tool, boolean chosen) {
        String title = tool.title();
        return new ToolLine(
                tool.name(),
                ToolAddress.of(tool.name()),
                title == null || title.equals(tool.name()) ? null : shortened(title, 120),
                shortened(tool.description(), LONGEST),
                hints(tool),
                String.valueOf(shortened(tool.definition().toPrettyString(), LONGEST_DEFINITION)),
                chosen);
    }

    private static List<String> hints(Tool tool) {
        boolean readOnly =
                tool.definition().path("annotations").path("readOnlyHint").asBoolean(false);
        boolean destructive =
                tool.definition().path("annotations").path("destructiveHint").asBoolean(false);
        return readOnly ? List.of("read-only") : destructive ? List.of("destructive") : List.of();
    }

    private static @Nullable String shortened(@Nullable String text, int longest) {
        return text == null || text.length() <= longest ? text : text.substring(0, longest) + "…";
    }
}
