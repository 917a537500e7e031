package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Account.Source;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads who somebody is from the claims of an ID token or of a userinfo answer.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims">OpenID Connect Core section 5.1</a>
 */
final class Claims {

    private static final int LONGEST = 255;

    /** OpenID Connect Core section 2: at most 255 ASCII characters. */
    private static final Pattern SUBJECT = Pattern.compile("[\\x20-\\x7E]{1,255}");

    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private Claims() {}

    /** Null where there is no usable {@code sub}. */
    static @Nullable Account account(Source source, String issuer, JsonNode claims) {
        String subject = Json.text(claims, "sub");
        if (subject == null || !SUBJECT.matcher(subject).matches()) {
            return null;
        }
        // Some providers say "false" as a string.
        boolean unverified = "false".equals(claims.path("email_verified").asString(""));
        return new Account(
                source,
                issuer,
                subject,
                unverified ? null : shown(claims, "email"),
                shown(claims, "preferred_username"),
                shown(claims, "name"));
    }

    private static @Nullable String shown(JsonNode claims, String claim) {
        String text = Json.text(claims, claim);
        return text == null
                        || text.length() > LONGEST
                        || UNPRINTABLE.matcher(text).find()
                ? null
                : text;
    }
}
