package dev.claviger.connectors;

import java.util.Locale;
import java.util.regex.Pattern;

/** The middle part of {@code mcp__<server_key>__<tool>}: a connector's name in lower case, all but letters and digits as {@code _}. */
final class ServerKey {

    private static final Pattern ODD = Pattern.compile("[^a-z0-9]");

    private ServerKey() {}

    /** Only ASCII letters and digits stay, because tool names with others are refused by model providers. */
    static String of(String name) {
        return ODD.matcher(name.strip().toLowerCase(Locale.ROOT)).replaceAll("_");
    }

    /** Whether a name leaves something to tell its key by. */
    static boolean isTelling(String name) {
        return of(name).chars().anyMatch(c -> c != '_');
    }
}
