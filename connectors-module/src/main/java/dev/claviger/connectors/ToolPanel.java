package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.toolsync.api.Tool;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A tool on its own page; what its server says of it is untrusted.
 *
 * @param claims what its annotations claim, in words
 * @param readOnly whether it claims to change nothing
 */
record ToolPanel(
        UUID connector,
        String connectorName,
        String address,
        String name,
        @Nullable String title,
        @Nullable String description,
        List<String> claims,
        boolean readOnly,
        String input,
        @Nullable String output) {

    private static final int LONGEST = 20_000;

    static ToolPanel of(ConnectorDetail connector, Tool tool) {
        JsonNode definition = tool.definition();
        String title = tool.title();
        return new ToolPanel(
                connector.row().connectorId().value(),
                connector.row().name(),
                ToolAddress.of(tool.name()),
                tool.name(),
                title == null || title.equals(tool.name()) ? null : shortened(title),
                tool.description() == null ? null : shortened(tool.description()),
                claims(definition.path("annotations")),
                ToolForm.isReadOnly(tool),
                shortened(definition.path("inputSchema").toPrettyString()),
                definition.path("outputSchema").isObject()
                        ? shortened(definition.path("outputSchema").toPrettyString())
                        : null);
    }

    private static List<String> claims(JsonNode annotations) {
        return annotations.properties().stream()
                .filter(claim -> claim.getValue().isBoolean())
                .limit(20)
                .map(claim -> switch (claim.getKey()) {
                    case "readOnlyHint" -> yes(claim.getValue()) ? "changes nothing" : "changes something";
                    case "destructiveHint" -> yes(claim.getValue()) ? "may destroy something" : "destroys nothing";
                    case "idempotentHint" ->
                        yes(claim.getValue()) ? "does no more when called again" : "does more when called again";
                    case "openWorldHint" ->
                        yes(claim.getValue()) ? "reaches other systems" : "stays within its own system";
                    default -> shortened(claim.getKey()) + ": " + (yes(claim.getValue()) ? "yes" : "no");
                })
                .toList();
    }

    private static boolean yes(JsonNode claim) {
        return claim.booleanValue();
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "… (the rest is not shown)";
    }
}
