package dev.claviger.oauth.protocol;

import java.net.URI;

/** Scheme, host and port of a URL, as written. */
public final class Origin {

    private Origin() {}

    /** For example {@code https://mcp.example.com:8443}; a default port is left out. */
    public static String of(URI uri) {
        boolean defaultPort = uri.getPort() == -1
                || (uri.getPort() == 443 && "https".equalsIgnoreCase(uri.getScheme()))
                || (uri.getPort() == 80 && "http".equalsIgnoreCase(uri.getScheme()));
        return uri.getScheme() + "://" + uri.getHost() + (defaultPort ? "" : ":" + uri.getPort());
    }
}
