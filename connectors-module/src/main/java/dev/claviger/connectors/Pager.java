package dev.claviger.connectors;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where a page stands in a long list, and the links to its neighbours; null links are absent. */
record Pager(
        int from,
        int to,
        int total,
        @Nullable String previous,
        @Nullable String next) {

    /** @param path address of the list, with its search when there is one: see {@link #address} */
    static Pager of(String path, int offset, int limit, int shown, int total) {
        return of(path, "offset", "", offset, limit, shown, total);
    }

    /**
     * One of several lists on a page.
     *
     * @param parameter that carries its offset
     * @param anchor of the list, with its {@code #}
     */
    static Pager of(String path, String parameter, String anchor, int offset, int limit, int shown, int total) {
        String joint = path.contains("?") ? "&" : "?";
        return new Pager(
                shown == 0 ? 0 : offset + 1,
                offset + shown,
                total,
                offset > 0 ? path + joint + parameter + "=" + Math.max(0, offset - limit) + anchor : null,
                offset + shown < total ? path + joint + parameter + "=" + (offset + limit) + anchor : null);
    }

    /** {@code path} with the search behind it, if there is one. */
    static String address(String path, @Nullable String search) {
        return search == null ? path : path + "?q=" + URLEncoder.encode(search, StandardCharsets.UTF_8);
    }

    /** Whether there is more than this page. */
    boolean needed() {
        return previous != null || next != null;
    }

    /** A search as typed, or null where nothing was. */
    static @Nullable String search(@Nullable String typed) {
        String search = typed == null ? "" : typed.replace("\0", "").strip();
        return search.isEmpty() ? null : search;
    }

    static int offset(@Nullable Integer asked) {
        return asked == null ? 0 : Math.max(0, asked);
    }

    /** Within 1 to 1,000, as queries want it. */
    static int limit(@Nullable Integer asked, int otherwise) {
        return asked == null ? otherwise : Math.min(1_000, Math.max(1, asked));
    }
}
