package dev.claviger.connectors;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A tool's name as one segment of an address. Servers name tools as they like, with slashes and dots alone; only the
 * characters that MCP allows stand as they are, all else travels as {@code ~} and base64url.
 */
final class ToolAddress {

    private static final Pattern PLAIN = Pattern.compile("(?![.]+$)[A-Za-z0-9_.-]+");

    private ToolAddress() {}

    static String of(String name) {
        return PLAIN.matcher(name).matches()
                ? name
                : "~" + Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    /** The name; what does not read as an address of ours is taken as the name itself. */
    static String name(String segment) {
        if (!segment.startsWith("~")) {
            return segment;
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(segment.substring(1));
            String name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return of(name).equals(segment) ? name : segment;
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return segment;
        }
    }
}
