package dev.claviger.app.keys;

import org.jspecify.annotations.Nullable;

/** A master key as the page shows it. */
record KeyLine(
        String id,
        String reference,
        String state,
        String css,
        long liveSecrets,
        @Nullable String trouble) {

    static KeyLine of(MasterKey key) {
        String state;
        String css;
        if (!key.configured()) {
            state = "Not configured here";
            css = "bad";
        } else if (!key.usable()) {
            state = "Out of reach";
            css = "bad";
        } else if (key.current()) {
            state = "Current";
            css = "ok";
        } else if (key.needed()) {
            state = "Opens former secrets";
            css = "warn";
        } else {
            state = "Wraps nothing";
            css = "muted";
        }
        return new KeyLine(key.id(), key.reference(), state, css, key.liveSecrets(), key.trouble());
    }
}
