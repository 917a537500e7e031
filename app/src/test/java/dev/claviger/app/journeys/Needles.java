package dev.claviger.app.journeys;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Texts to look for, in every form in which they might hide: as they are, in base64 at any offset, in hex, in a URL. */
final class Needles {

    private final Map<String, String> byForm = new LinkedHashMap<>();

    Needles(Collection<String> texts) {
        for (String text : texts) {
            byForm.put(text, text);
            byForm.put(URLEncoder.encode(text, StandardCharsets.UTF_8), text);
            byForm.put(HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)), text);
            for (int offset = 0; offset < 3; offset++) {
                byForm.put(inBase64(text, offset, Base64.getEncoder()), text);
                byForm.put(inBase64(text, offset, Base64.getUrlEncoder()), text);
            }
        }
    }

    /** The first that is found, with its surroundings. */
    Optional<String> in(String hay) {
        return byForm.keySet().stream()
                .filter(hay::contains)
                .findFirst()
                .map(form -> "“" + byForm.get(form) + "” in: " + around(hay, hay.indexOf(form), form.length()));
    }

    private static String around(String hay, int at, int length) {
        return hay.substring(Math.max(0, at - 200), Math.min(hay.length(), at + length + 60));
    }

    /** What stays the same whatever stands before and behind the text. */
    private static String inBase64(String text, int offset, Base64.Encoder encoder) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] shifted = new byte[offset + bytes.length];
        Arrays.fill(shifted, (byte) 'x');
        System.arraycopy(bytes, 0, shifted, offset, bytes.length);
        String encoded = encoder.withoutPadding().encodeToString(shifted);
        int firstWhole = (offset * 8 + 5) / 6;
        int lastWhole = shifted.length * 8 / 6;
        return encoded.substring(firstWhole, lastWhole);
    }
}
