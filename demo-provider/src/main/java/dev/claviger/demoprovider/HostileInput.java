package dev.claviger.demoprovider;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * What a hostile or a broken server may send where something is to be read: damaged documents, documents of the wrong
 * shape, plain noise. The same seed makes the same input.
 */
public final class HostileInput {

    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final long MOST_MEMORY = 256L * 1024 * 1024;

    private static final List<String> WORDS = List.of(
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "=",
            ";",
            "&",
            "%",
            "%00",
            "%zz",
            "\r\n",
            "\n\n",
            "\0",
            " ",
            "\t",
            "é",
            "\uFEFF",
            "\u202E",
            "\u2028",
            "\uD83D\uDE00",
            "\\u0000",
            "\\ud800",
            "null",
            "true",
            "[]",
            "{}",
            "\"\"",
            "-0",
            "1e999999",
            "1e-999999",
            "9223372036854775808",
            "-1",
            "0x7f",
            "NaN",
            "data:",
            "event:",
            "id:",
            "retry:",
            "://",
            "//",
            "/../",
            "@",
            "#",
            "?",
            "http:",
            "javascript:alert(1)",
            "https://169.254.169.254/",
            "https://[::1",
            "Bearer ",
            "Bearer Bearer",
            "realm",
            "scope=",
            "error=\"",
            "__proto__",
            "S256");

    private static final byte[][] NOT_UTF_8 = {
        {(byte) 0xC0, (byte) 0x80},
        {(byte) 0xFF},
        {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
        {(byte) 0xF8},
        {(byte) 0xE2, 0x28}
    };

    private final Random random;

    public HostileInput(long seed) {
        random = new Random(seed);
    }

    /**
     * Lets {@code reading} read different inputs, one after the other, and fails with the seed of the first that takes too
     * long, takes too much memory, or breaks it.
     */
    public static void forSeeds(long first, int number, Consumer<HostileInput> reading) {
        com.sun.management.ThreadMXBean memory = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (long seed = first; seed < first + number; seed++) {
            long begin = System.nanoTime();
            long allocated = memory.getCurrentThreadAllocatedBytes();
            try {
                reading.accept(new HostileInput(seed));
            } catch (RuntimeException | Error e) {
                throw new AssertionError("Seed " + seed + " breaks it: " + e, e);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            long bytes = memory.getCurrentThreadAllocatedBytes() - allocated;
            if (took.compareTo(LONGEST) > 0 || bytes > MOST_MEMORY) {
                throw new AssertionError("Seed " + seed + " took " + took + " and " + bytes + " bytes");
            }
        }
    }

    public int number(int below) {
        return random.nextInt(below);
    }

    public boolean perhaps() {
        return random.nextBoolean();
    }

    public <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** Damages of a valid document: most stay nearly valid. */
    public byte[] damaged(String valid) {
        byte[] bytes = valid.getBytes(StandardCharsets.UTF_8);
        for (int i = 1 + number(4); i > 0; i--) {
            bytes = damagedOnce(bytes);
        }
        return bytes;
    }

    private byte[] damagedOnce(byte[] bytes) {
        int from = number(bytes.length + 1);
        int to = Math.min(bytes.length, from + number(20));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        switch (number(7)) {
            case 0 -> out.write(number(256));
            case 1 -> out.writeBytes(one(WORDS).getBytes(StandardCharsets.UTF_8));
            case 2 -> out.writeBytes(NOT_UTF_8[number(NOT_UTF_8.length)]);
            case 3 -> {
                return out.toByteArray();
            }
            case 4 -> {
                byte[] again = Arrays.copyOfRange(bytes, from, to);
                for (int i = number(12) == 0 ? 3_000 : number(4); i > 0; i--) {
                    out.writeBytes(again);
                }
                to = from;
            }
            case 5 -> {
                out.writeBytes(one(WORDS).repeat(number(2_000)).getBytes(StandardCharsets.UTF_8));
                to = from;
            }
            default -> {}
        }
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }

    /** A line of text with what has a meaning somewhere. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = number(20); i > 0; i--) {
            switch (number(4)) {
                case 0 -> text.append(one(WORDS));
                case 1 -> text.append((char) number(0x180));
                case 2 -> text.append((char) number(0x10000));
                default -> text.append("abc".repeat(number(20) == 0 ? 500 : 1));
            }
        }
        return text.toString();
    }

    /** An object with these members, each with a value of any kind, some twice, some missing; or hardly an object. */
    public byte[] json(List<String> members) {
        if (number(12) == 0) {
            String nest = one(List.of("[", "{\"a\":", "[[{\"a\":["));
            return nest.repeat(number(20_000)).getBytes(StandardCharsets.UTF_8);
        }
        StringBuilder json = new StringBuilder("{");
        for (int i = number(members.size() + 3); i >= 0; i--) {
            json.append(json.length() > 1 ? "," : "")
                    .append('"')
                    .append(one(members))
                    .append("\":")
                    .append(value(members, 3));
        }
        return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private String value(List<String> members, int depth) {
        return switch (number(depth > 0 ? 9 : 6)) {
            case 0 -> one(List.of("null", "true", "false", "0", "-1", "1e400", "3600", "1e-5", "9".repeat(400)));
            case 1 -> "\"" + escaped(text()) + "\"";
            case 2 -> "\"" + one(members) + "\"";
            case 3 ->
                one(List.of("\"https://as.example\"", "\"https://mcp.example/mcp\"", "\"https://10.0.0.1/\"", "\"\""));
            case 4 -> "[\"S256\"]";
            case 5 -> one(List.of("\"Bearer\"", "\"2.0\"", "1", "\"none\"", "\"2025-11-25\"", "\"2026-07-28\""));
            case 6 -> "[" + value(members, depth - 1) + "," + value(members, depth - 1) + "]";
            case 7 -> "{\"" + one(members) + "\":" + value(members, depth - 1) + "}";
            default -> "[" + "\"x\",".repeat(number(3_000)) + "\"y\"]";
        };
    }

    /** Most of it; what is left unescaped makes it no JSON, which is wanted now and then. */
    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }
}
