package dev.claviger.connectors;

import dev.claviger.toolsync.api.ToolCalls.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The result of a tool call, safe to show: text as text, small pictures of harmless kinds, of everything else only what it
 * is.
 *
 * @param isError whether the tool itself says that it failed
 * @param structured {@code structuredContent} as JSON; null: none
 */
record ResultView(
        boolean isError, List<Part> parts, @Nullable String structured, List<String> findings, String took) {

    /**
     * A part of the content.
     *
     * @param what it is, in words of ours but for the type it claims
     * @param text untrusted; null: none to show
     * @param picture a {@code data:} URL; null: no picture to show
     */
    record Part(
            String what, @Nullable String text, @Nullable String picture) {}

    private static final int MOST_PARTS = 100;
    private static final int LONGEST_TEXT = 100_000;
    private static final int LARGEST_PICTURE = 1024 * 1024;

    /** How a file of the kind begins; a picture that begins otherwise is not what it says. */
    private static final Map<String, String> PICTURES = Map.of(
            "image/png",
            "\u0089PNG\r\n",
            "image/jpeg",
            "\u00ff\u00d8\u00ff",
            "image/gif",
            "GIF8",
            "image/webp",
            "RIFF");

    static ResultView of(Outcome.Completed completed, Duration took) {
        JsonNode result = completed.result();
        List<Part> parts = new ArrayList<>();
        for (JsonNode part : result.path("content").values()) {
            if (parts.size() == MOST_PARTS) {
                parts.add(new Part(
                        "%d more parts are not shown"
                                .formatted(result.path("content").size() - MOST_PARTS),
                        null,
                        null));
                break;
            }
            parts.add(part(part));
        }
        JsonNode structured = result.path("structuredContent");
        return new ResultView(
                completed.isError(),
                parts,
                structured.isMissingNode() ? null : shortened(structured.toPrettyString()),
                completed.findings(),
                Moment.took(took));
    }

    /** Whether the result is empty altogether. */
    boolean nothing() {
        return parts.isEmpty() && structured == null;
    }

    private static Part part(JsonNode part) {
        return switch (part.path("type").stringValue("")) {
            case "text" -> new Part("Text", shortened(part.path("text").stringValue("")), null);
            case "image" -> picture(part);
            case "audio" -> new Part(data("Audio", part.path("data"), part), null, null);
            case "resource_link" -> new Part("Link to a resource, not opened", link(part), null);
            case "resource" -> resource(part.path("resource"));
            default -> new Part("Of a kind we do not know", shortened(part.toPrettyString()), null);
        };
    }

    private static Part picture(JsonNode part) {
        String type = part.path("mimeType").stringValue("").toLowerCase(Locale.ROOT);
        String begin = PICTURES.get(type);
        String data = part.path("data").stringValue("");
        byte[] bytes = begin == null || size(data) > LARGEST_PICTURE ? null : decoded(data);
        boolean shown = bytes != null && beginsWith(bytes, String.valueOf(begin));
        return new Part(
                data("Picture", part.path("data"), part),
                null,
                shown ? "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes) : null);
    }

    private static Part resource(JsonNode resource) {
        String uri = resource.path("uri").stringValue("");
        return resource.path("text").isString()
                ? new Part(
                        "Resource " + shortened(uri, 300),
                        shortened(resource.path("text").stringValue()),
                        null)
                : new Part(data("Resource " + shortened(uri, 300), resource.path("blob"), resource), null, null);
    }

    private static String link(JsonNode part) {
        StringBuilder link = new StringBuilder(part.path("uri").stringValue(""));
        for (String more : List.of("name", "title", "description", "mimeType")) {
            if (part.path(more).isString()) {
                link.append('\n').append(part.path(more).stringValue());
            }
        }
        return shortened(link.toString());
    }

    private static String data(String what, JsonNode base64, JsonNode part) {
        String type = part.path("mimeType").stringValue("no type");
        return "%s, %s, %s".formatted(what, shortened(type, 100), bytes(size(base64.stringValue(""))));
    }

    private static String bytes(long size) {
        return size < 1_000
                ? size + " bytes"
                : size < 1_000_000
                        ? String.format(Locale.ROOT, "%.1f kB", size / 1e3)
                        : String.format(Locale.ROOT, "%.1f MB", size / 1e6);
    }

    private static long size(String base64) {
        return base64.length() / 4L * 3;
    }

    private static byte @Nullable [] decoded(String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean beginsWith(byte[] bytes, String begin) {
        return new String(bytes, 0, Math.min(bytes.length, begin.length()), StandardCharsets.ISO_8859_1).equals(begin);
    }

    static String shortened(String text) {
        return shortened(text, LONGEST_TEXT);
    }

    private static String shortened(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "… (the rest is not shown)";
    }
}
