package dev.claviger.bench.canary;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What to look for, in every form in which it might hide: as it is, in base64 at any offset, in hex, in a URL. All of it is
 * found in one pass, however much there is to look for.
 */
final class Needles {

    /** @param at the offset in bytes; it and the name may be shown, the value never */
    record Found(String what, long at) {}

    private record Needle(String what, byte[] form) {}

    /** So many bytes of every form are compared at once; shorter forms would be found by chance. */
    private static final int KEY = Long.BYTES;

    private static final int BLOCK = 1 << 20;
    private static final int FILTER_BITS = 20;

    private final Map<Long, List<Needle>> byKey = new HashMap<>();
    private final BitSet filter = new BitSet(1 << FILTER_BITS);
    private int longest = KEY;

    /** @throws IllegalArgumentException for a text that is too short to be told from chance */
    void add(String what, String text) {
        add(what, text.getBytes(StandardCharsets.UTF_8));
        addForm(what, URLEncoder.encode(text, StandardCharsets.UTF_8));
    }

    void add(String what, byte[] bytes) {
        if (bytes.length < KEY) {
            throw new IllegalArgumentException(what + " is too short to be searched for");
        }
        addForm(what, bytes);
        addForm(what, HexFormat.of().formatHex(bytes));
        addForm(what, HexFormat.of().withUpperCase().formatHex(bytes));
        for (int offset = 0; offset < 3; offset++) {
            addForm(what, inBase64(bytes, offset, Base64.getEncoder()));
            addForm(what, inBase64(bytes, offset, Base64.getUrlEncoder()));
        }
    }

    private void addForm(String what, String form) {
        addForm(what, form.getBytes(StandardCharsets.UTF_8));
    }

    private void addForm(String what, byte[] form) {
        List<Needle> same = byKey.computeIfAbsent(key(form, 0), key -> new ArrayList<>());
        if (same.stream().noneMatch(needle -> Arrays.equals(needle.form(), form))) {
            same.add(new Needle(what, form));
            filter.set(filtered(key(form, 0)));
            longest = Math.max(longest, form.length);
        }
    }

    /** What stays the same whatever stands before and behind the bytes. */
    private static String inBase64(byte[] bytes, int offset, Base64.Encoder encoder) {
        byte[] shifted = new byte[offset + bytes.length];
        System.arraycopy(bytes, 0, shifted, offset, bytes.length);
        String encoded = encoder.withoutPadding().encodeToString(shifted);
        return encoded.substring((offset * 8 + 5) / 6, shifted.length * 8 / 6);
    }

    List<Found> in(byte[] hay) {
        try {
            return in(new ByteArrayInputStream(hay));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Reads to the end. */
    List<Found> in(InputStream hay) throws IOException {
        List<Found> found = new ArrayList<>();
        byte[] block = new byte[BLOCK + longest];
        int kept = 0;
        long offset = 0;
        while (true) {
            int length = kept + hay.readNBytes(block, kept, block.length - kept);
            boolean last = length < block.length;
            // What may begin in the last bytes is looked at with those that follow.
            int starts = last ? length : length - longest + 1;
            scan(block, length, starts, offset, found);
            if (last) {
                return found;
            }
            kept = length - starts;
            System.arraycopy(block, starts, block, 0, kept);
            offset += starts;
        }
    }

    private void scan(byte[] hay, int length, int starts, long offset, List<Found> found) {
        if (length < KEY) {
            return;
        }
        long key = key(hay, 0) >>> 8;
        for (int at = 0; at < starts && at + KEY <= length; at++) {
            key = key << 8 | hay[at + KEY - 1] & 0xff;
            if (filter.get(filtered(key))) {
                for (Needle needle : byKey.getOrDefault(key, List.of())) {
                    int end = at + needle.form().length;
                    if (end <= length && Arrays.equals(hay, at, end, needle.form(), 0, needle.form().length)) {
                        found.add(new Found(needle.what(), offset + at));
                    }
                }
            }
        }
    }

    private static long key(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes, at, KEY).getLong();
    }

    private static int filtered(long key) {
        return (int) (key * 0x9E3779B97F4A7C15L >>> (Long.SIZE - FILTER_BITS));
    }
}
