package dev.claviger.app.journeys;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a browser would find on a page. */
final class Pages {

    private static final Pattern LINK = Pattern.compile("href=\"([^\"]+)\"");

    private Pages() {}

    /** The first link whose address begins so. */
    static URI linkTo(String page, String beginning) {
        Matcher link = LINK.matcher(page);
        while (link.find()) {
            String address = unescaped(link.group(1));
            if (address.startsWith(beginning)) {
                return URI.create(address);
            }
        }
        throw new AssertionError("No link to " + beginning + " on the page:\n" + page);
    }

    private static String unescaped(String text) {
        return text.replace("&#x3D;", "=").replace("&#61;", "=").replace("&amp;", "&");
    }
}
