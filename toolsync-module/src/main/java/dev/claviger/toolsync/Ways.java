package dev.claviger.toolsync;

import dev.claviger.toolsync.protocol.Era;
import dev.claviger.toolsync.protocol.KnownWay;
import dev.claviger.toolsync.protocol.Wire;
import org.jspecify.annotations.Nullable;

/** Eras and wires in the words of events and tables. */
final class Ways {

    private Ways() {}

    static String word(Era era) {
        return switch (era) {
            case MODERN -> "modern";
            case LEGACY -> "legacy";
        };
    }

    static String word(Wire wire) {
        return switch (wire) {
            case STREAMABLE_HTTP -> "streamable-http";
            case HTTP_SSE -> "http+sse";
        };
    }

    /** Null unless both words are known. */
    static @Nullable KnownWay of(@Nullable String era, @Nullable String wire) {
        for (Era knownEra : Era.values()) {
            for (Wire knownWire : Wire.values()) {
                if (word(knownEra).equals(era) && word(knownWire).equals(wire)) {
                    return new KnownWay(knownEra, knownWire);
                }
            }
        }
        return null;
    }
}
