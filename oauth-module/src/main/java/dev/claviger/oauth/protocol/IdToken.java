package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Account.Source;
import dev.claviger.credentials.api.Identification;
import dev.claviger.credentials.api.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An ID token that came with the tokens, directly from the token endpoint over TLS, which stands in for its signature.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation">OpenID Connect Core section
 *     3.1.3.7</a>
 */
public final class IdToken {

    /** Clocks differ. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private IdToken() {}

    /**
     * Whom it names, or why that is not believed.
     *
     * @param issuer the authorization server that gave it, byte for byte
     * @param clientId to whom it must be addressed
     */
    public static Identification read(Secret idToken, String issuer, String clientId, Instant now) {
        String[] parts = idToken.reveal().split("\\.", -1);
        if (parts.length == 5) {
            return Identification.untold("The provider's ID token is encrypted, which was not asked for.");
        }
        JsonNode header = parts.length == 3 ? json(parts[0]) : null;
        JsonNode claims = parts.length == 3 ? json(parts[1]) : null;
        if (header == null || claims == null) {
            return doubted("it is not a JSON Web Token");
        }
        String algorithm = Json.text(header, "alg");
        if (algorithm == null || algorithm.equalsIgnoreCase("none") || parts[2].isEmpty()) {
            return doubted("it is not signed");
        }
        if (!issuer.equals(Json.text(claims, "iss"))) {
            return doubted("it comes from another issuer");
        }
        if (!isFor(clientId, claims)) {
            return doubted("it is addressed to another client");
        }
        Long expires = claims.path("exp").isNumber() ? Json.number(claims, "exp") : null;
        if (expires == null || expires <= now.minus(SKEW).getEpochSecond()) {
            return doubted("it has expired");
        }
        Account account = Claims.account(Source.ID_TOKEN, issuer, claims);
        return account == null ? doubted("it names nobody") : Identification.of(account);
    }

    /** Of several audiences one is the party it was given to. */
    private static boolean isFor(String clientId, JsonNode claims) {
        String authorizedParty = Json.text(claims, "azp");
        List<String> audiences =
                claims.path("aud").isString() ? List.of(claims.path("aud").stringValue()) : Json.texts(claims, "aud");
        return audiences.contains(clientId)
                && (authorizedParty == null ? audiences.size() == 1 : authorizedParty.equals(clientId));
    }

    private static @Nullable JsonNode json(String part) {
        try {
            byte[] decoded = Base64.getUrlDecoder().decode(part.getBytes(StandardCharsets.US_ASCII));
            Optional<JsonNode> object = Json.object(decoded);
            return object.orElse(null);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Identification doubted(String why) {
        return Identification.doubted("The provider's ID token is not believed: " + why + ".");
    }
}
