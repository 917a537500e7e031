package dev.claviger.oauth.protocol;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Holds strings from outside to the characters and lengths that we can store and send: a NUL, for one, makes the database
 * refuse the event that names it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#appendix-A">RFC 6749 appendix A</a>
 */
final class Remote {

    private static final int LONGEST_CREDENTIAL = 16 * 1024;
    private static final int LONGEST_SCOPE = 8 * 1024;
    private static final int LONGEST_URL = 2048;
    private static final int LONGEST_WORD = 256;
    private static final int MOST_WORDS = 500;
    private static final int MOST_URLS = 20;

    private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7E]+");
    private static final Pattern SCOPE_TOKEN = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private Remote() {}

    /** Whether it can be a token, a client id or a client secret. */
    static boolean isCredential(String text) {
        return text.length() <= LONGEST_CREDENTIAL && VISIBLE.matcher(text).matches();
    }

    /** The scope of these tokens (RFC 6749 section 3.3); null where there is none or one is malformed. */
    static @Nullable String scope(List<String> tokens) {
        String scope = String.join(" ", tokens);
        return tokens.isEmpty()
                        || scope.length() > LONGEST_SCOPE
                        || !tokens.stream()
                                .allMatch(token -> SCOPE_TOKEN.matcher(token).matches())
                ? null
                : scope;
    }

    /** The scope as a challenge has it, its words one space apart; null where there is none or it is malformed. */
    static @Nullable String challenged(@Nullable String scope) {
        return scope == null || scope.isBlank()
                ? null
                : scope(List.of(scope.trim().split(" +")));
    }

    /** The well-formed ones of the words that metadata lists: scopes, methods. */
    static List<String> words(List<String> listed) {
        return listed.stream()
                .filter(word -> word.length() <= LONGEST_WORD
                        && SCOPE_TOKEN.matcher(word).matches())
                .limit(MOST_WORDS)
                .toList();
    }

    /** Itself if it is short and printable enough for a URL; whether it is one is for others to check. */
    static @Nullable String url(@Nullable String text) {
        return text != null
                        && text.length() <= LONGEST_URL
                        && !UNPRINTABLE.matcher(text).find()
                ? text
                : null;
    }

    /** Whether it is an absolute URI (RFC 3986 section 4.3), of whatever scheme. */
    static boolean isUri(String text) {
        try {
            return isCredential(text) && new URI(text).isAbsolute();
        } catch (URISyntaxException e) {
            return false;
        }
    }

    static List<String> urls(List<String> listed) {
        return listed.stream()
                .filter(text -> url(text) != null)
                .limit(MOST_URLS)
                .toList();
    }
}
