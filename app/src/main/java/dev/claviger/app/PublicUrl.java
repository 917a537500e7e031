package dev.claviger.app;

import java.net.URI;
import java.net.URISyntaxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one address under which people and authorization servers reach us. Configured, never derived from a request: a
 * redirect URI guessed from a Host header is an open door.
 */
record PublicUrl(URI value) {

    private static final Logger log = LoggerFactory.getLogger(PublicUrl.class);

    static PublicUrl check(String configured, String port) {
        URI uri = parse(configured);
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getUserInfo() != null) {
            throw wrong(configured);
        }
        if (!uri.getRawPath().isEmpty() || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw wrong(configured);
        }
        if (configured.equals("http://localhost:" + port)) {
            log.info(
                    "Claviger's public address is {}; set claviger.public-url to the one people and authorization"
                            + " servers use",
                    configured);
        }
        return new PublicUrl(uri);
    }

    boolean isSecure() {
        return "https".equals(value.getScheme());
    }

    private static URI parse(String configured) {
        try {
            return new URI(configured);
        } catch (URISyntaxException e) {
            throw wrong(configured);
        }
    }

    private static IllegalStateException wrong(String configured) {
        return new IllegalStateException("claviger.public-url is '" + configured
                + "', but must be http:// or https:// and a host, with a port if needed and nothing after it, such as"
                + " https://claviger.example.com");
    }
}
