package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.Secret;
import java.util.Collection;
import java.util.regex.Pattern;

/** Makes text from outside fit to be shown: short, one line, without any secret that we sent and the server echoes. */
final class RemoteText {

    private static final int LONGEST = 200;

    /** A JSON Web Token: no two of ours are the same, and none is anybody's business. */
    private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]{8,}\\.[\\w-]+\\.[\\w-]*");

    private RemoteText() {}

    static String shown(String remote, Collection<Secret> sent) {
        String text = remote;
        for (Secret secret : sent) {
            text = secret.strikeFrom(text);
        }
        text = TOKEN.matcher(text).replaceAll("***");
        text = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+", " ").strip();
        if (text.length() <= LONGEST) {
            return text;
        }
        // Half a character could not be stored.
        return text.substring(0, Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST) + "…";
    }

    /** An error code as RFC 6749 has them; whatever else it holds becomes an underscore. */
    static String errorCode(String remote, Collection<Secret> sent) {
        String code = shown(remote, sent).replaceAll("[^A-Za-z0-9_.:*-]", "_");
        return code.length() <= 60 ? code : code.substring(0, 60);
    }
}
