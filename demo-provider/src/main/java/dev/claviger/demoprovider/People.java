package dev.claviger.demoprovider;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says who consented, truly or not.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html">OpenID Connect Core</a>
 */
final class People {

    private final Knobs knobs;
    private final Mint mint;
    private final Grants grants;

    People(Knobs knobs, Mint mint, Grants grants) {
        this.knobs = knobs;
        this.mint = mint;
        this.grants = grants;
    }

    /** Null where nobody is told. Nobody looks at the signature, so it is none, but a secret all the same. */
    @Nullable
    String idToken(Grants.Grant grant, String issuer) {
        if (grant.account() == null || !knobs.idTokens) {
            return null;
        }
        Map<String, Object> claims = new LinkedHashMap<>(grant.account());
        claims.put("iss", knobs.publishedIssuer == null ? issuer : knobs.publishedIssuer);
        claims.put("aud", grant.clientId());
        claims.put("iat", Instant.now().getEpochSecond());
        claims.put("exp", Instant.now().plusSeconds(600).getEpochSecond());
        claims.putAll(knobs.idTokenLies);
        boolean signed = !knobs.idTokenAlgorithm.equals("none");
        return part(Map.of("typ", "JWT", "alg", knobs.idTokenAlgorithm)) + "." + part(claims) + "."
                + (signed ? mint.secret("idt") : "");
    }

    void userinfo(Call call) throws IOException {
        Grants.Grant grant = grants.introspect(call.bearer());
        if (knobs.userinfo503) {
            call.empty(503);
        } else if (grant == null || grant.account() == null) {
            call.with("WWW-Authenticate", "Bearer error=\"invalid_token\"").empty(401);
        } else {
            Map<String, Object> claims = new LinkedHashMap<>(grant.account());
            claims.putAll(knobs.userinfoLies);
            call.json(200, claims);
        }
    }

    private static String part(Map<String, Object> json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Call.JSON.writeValueAsString(json).getBytes(StandardCharsets.UTF_8));
    }
}
