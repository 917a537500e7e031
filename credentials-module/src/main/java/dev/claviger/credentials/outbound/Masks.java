package dev.claviger.credentials.outbound;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.TreeSet;

/** The values of one exchange that nobody may read afterwards, and how text is rid of them and made fit to be kept. */
final class Masks {

    private static final int SHORTEST = 4;
    private static final String STARS = "***";

    /** Longest first: one may be a part of another. */
    private final TreeSet<String> values =
            new TreeSet<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    void add(String value) {
        String bare = value.strip();
        if (bare.length() >= SHORTEST) {
            values.add(bare);
        }
    }

    /** A header value: as a whole, without its scheme, and what {@code Basic} wraps (RFC 7617). */
    void addHeader(String value) {
        add(value);
        int space = value.lastIndexOf(' ');
        String token = value.substring(space + 1);
        add(token);
        if (value.regionMatches(true, 0, "Basic ", 0, 6)) {
            try {
                String pair = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
                add(pair);
                add(pair.substring(pair.indexOf(':') + 1));
            } catch (IllegalArgumentException e) {
                // Not Basic after all.
            }
        }
    }

    /** One line without any of the values, at most {@code longest} characters. */
    String shown(String text, int longest) {
        // What is cut off is not searched: a text that long would cost time for nothing.
        String cut = text.length() <= 8 * longest ? text : text.substring(0, 8 * longest);
        String masked = cut;
        for (String value : values) {
            masked = masked.replace(value, STARS).replace(URLEncoder.encode(value, StandardCharsets.UTF_8), STARS);
        }
        if (cut.length() < text.length()) {
            masked = withoutHalfAValue(masked);
        }
        String line = masked.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+", " ")
                .strip();
        if (line.length() <= longest) {
            return line;
        }
        // Half a character could not be stored.
        return line.substring(0, Character.isHighSurrogate(line.charAt(longest - 1)) ? longest - 1 : longest) + "…";
    }

    /** The cut may have gone through a value. */
    private String withoutHalfAValue(String text) {
        int longest = values.isEmpty() ? 0 : values.first().length();
        return text.substring(0, Math.max(0, text.length() - longest));
    }
}
