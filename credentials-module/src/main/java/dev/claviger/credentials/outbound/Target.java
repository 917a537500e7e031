package dev.claviger.credentials.outbound;

import dev.claviger.credentials.api.FailureCode;
import java.net.URI;
import java.util.Locale;

/**
 * The parts of a URL that decide where a request goes, taken from a URL that has passed the checks which need no network.
 *
 * @param host without brackets
 */
record Target(String scheme, String host, int port) {

    /** @throws Untrusted when the URL must not be called whatever its name resolves to */
    static Target of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw unsafe("The URL must begin with https://");
        }
        String host = uri.getHost();
        if (host == null || host.isEmpty()) {
            throw unsafe("The URL names no valid host");
        }
        if (uri.getRawUserInfo() != null) {
            throw unsafe("The URL of " + host + " contains a user name or password; remove it");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw unsafe("The URL of " + host + " names an impossible port");
        }
        if (uri.getRawPath() != null && uri.getRawPath().startsWith("//")) {
            throw unsafe("The path of the URL of " + host + " begins with two slashes");
        }
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        int port = uri.getPort() > 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return new Target(scheme, bare, port);
    }

    boolean isPlain() {
        return scheme.equals("http");
    }

    static Untrusted unsafe(String message) {
        return new Untrusted(FailureCode.UNSAFE_ADDRESS, message);
    }
}
