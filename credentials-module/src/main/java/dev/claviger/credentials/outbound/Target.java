package dev.claviger.credentials.outbound;

import dev.claviger.credentials.api.FailureCode;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The parts of a URL that decide where a request goes, taken from a URL that has passed the checks which need no network.
 *
 * @param host without brackets
 */
record Target(String scheme, String host, int port) {

    /** RFC 1035 section 2.3.4; what is longer would only make our messages long. */
    private static final int LONGEST_HOST = 253;

    /** A last label that is a number makes the whole host one (WHATWG URL, "ends in a number"). */
    private static final Pattern NUMBER = Pattern.compile("(?:^|\\.)(?:[0-9]+|0[xX][0-9a-fA-F]*)\\.?$");

    private static final Pattern DOTTED =
            Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");

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
        if (host.length() > LONGEST_HOST) {
            throw unsafe("The URL names a host with more than " + LONGEST_HOST + " letters, which no host has");
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
        refuseOddNumbers(bare);
        int port = uri.getPort() > 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return new Target(scheme, bare, port);
    }

    /**
     * Octal, hexadecimal and shortened numbers mean one address to one program and another to the next, and a zone means an
     * interface of ours: nobody needs them.
     */
    private static void refuseOddNumbers(String host) {
        if (host.indexOf(':') >= 0
                ? host.indexOf('%') >= 0
                : NUMBER.matcher(host).find() && !DOTTED.matcher(host).matches()) {
            throw unsafe(
                    "The URL names its host by a number in an unusual form; write it as 192.0.2.1 or [2001:db8::1]");
        }
    }

    boolean isPlain() {
        return scheme.equals("http");
    }

    static Untrusted unsafe(String message) {
        return new Untrusted(FailureCode.UNSAFE_ADDRESS, message);
    }
}
