package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Account.Source;
import dev.claviger.credentials.api.Identification;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A userinfo endpoint: who gave the access token.
 *
 * @param issuer whose it is
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#UserInfo">OpenID Connect Core section 5.3</a>
 */
public record Userinfo(URI uri, String issuer) {

    private static final int MOST_BYTES = 64 * 1024;

    public OutboundRequest request(Secret accessToken) {
        return OutboundRequest.get(uri)
                .header("Authorization", Secret.of("Bearer " + accessToken.reveal()))
                .header("Accept", "application/json")
                .maxBytes(MOST_BYTES)
                .purpose("Userinfo");
    }

    /**
     * @param told what the ID token said; its {@code sub} must be the same (section 5.3.2). Null: there was none
     * @throws Unreachable on 5xx and 429
     */
    public Identification read(OutboundResponse response, @Nullable Account told) {
        Answers.reachable(response, uri);
        if (!response.isSuccess()) {
            return otherwise(told, "The userinfo endpoint refused to say, with HTTP " + response.status() + ".");
        }
        Optional<JsonNode> claims = Json.object(response);
        Account account = claims.map(json -> Claims.account(Source.USERINFO, issuer, json))
                .orElse(null);
        if (account == null) {
            return otherwise(told, "The userinfo endpoint answered with nothing that names somebody.");
        }
        return told == null || told.subject().equals(account.subject())
                ? Identification.of(account)
                : Identification.doubted("The userinfo endpoint names somebody else than the ID token does.");
    }

    private static Identification otherwise(@Nullable Account told, String why) {
        return told == null ? Identification.untold(why) : Identification.of(told);
    }
}
