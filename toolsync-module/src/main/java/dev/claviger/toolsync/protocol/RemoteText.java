package dev.claviger.toolsync.protocol;

import dev.claviger.credentials.api.Secret;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes text from outside fit to be stored and shown: one line, short, without control characters or our secrets. */
final class RemoteText {

    private static final int QUOTE = 200;
    private static final int LABEL = 100;
    private static final int TELLING_LENGTH = 12;

    private RemoteText() {}

    /** A name or a version, without the secrets that were sent and may be echoed; null where there is none. */
    static @Nullable String label(JsonNode node, Collection<Secret> secrets) {
        if (!node.isString()) {
            return null;
        }
        String clean = clean(strike(node.stringValue(), secrets), LABEL);
        return clean.isEmpty() ? null : clean;
    }

    /** The text in quotation marks, without the secrets that were sent and may be echoed. */
    static String quote(String text, Collection<Secret> secrets) {
        return "\"" + clean(strike(text, secrets), QUOTE) + "\"";
    }

    /** Whether {@code text} holds a secret of ours; one so short that it may stand there by chance does not count. */
    static boolean repeats(String text, Secret secret) {
        String struck = secret.strikeFrom(text);
        int times = stars(struck) - stars(text);
        return times > 0 && (text.length() - struck.length()) / times >= TELLING_LENGTH - 3;
    }

    private static int stars(String text) {
        return text.split("\\*\\*\\*", -1).length;
    }

    private static String strike(String text, Collection<Secret> secrets) {
        String safe = text;
        for (Secret secret : secrets) {
            safe = secret.strikeFrom(safe);
        }
        return safe;
    }

    /** Whether a reader sees everything that is there. */
    static boolean isPlain(String text) {
        return text.codePoints().allMatch(RemoteText::fit);
    }

    /** Bidirectional overrides and lone surrogates go as well: they can make a page say what nobody wrote. */
    private static String clean(String text, int longest) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .limit(longest * 4L)
                .map(point -> fit(point) ? point : ' ')
                .forEach(clean::appendCodePoint);
        String line = clean.toString().replaceAll("\\s+", " ").strip();
        if (line.codePointCount(0, line.length()) <= longest) {
            return line;
        }
        return line.substring(0, line.offsetByCodePoints(0, longest)) + "…";
    }

    private static boolean fit(int point) {
        int type = Character.getType(point);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR;
    }
}
