package dev.claviger.connectors;

import java.util.List;

/** A change that would lose something nobody agreed to lose. HTTP 409. */
final class WouldDrop extends RuntimeException {

    private final transient List<String> drops;

    WouldDrop(List<String> drops) {
        super("This change drops what no longer fits. Repeat it with ?drop=true if that is meant.");
        this.drops = List.copyOf(drops);
    }

    List<String> drops() {
        return drops;
    }
}
