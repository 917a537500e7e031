package dev.claviger.demoprovider;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The assertions (ID-JAG) that the identity provider gave out, each for one authorization server, once, and for minutes. */
final class Assertions {

    /**
     * @param audience issuer of the authorization server
     * @param resource null: any
     */
    record Assertion(
            String audience,
            @Nullable String resource,
            @Nullable String scope,
            Instant expiresAt) {}

    private final Mint mint;
    private final Map<String, Assertion> open = new HashMap<>();

    Assertions(Mint mint) {
        this.mint = mint;
    }

    synchronized String give(String audience, @Nullable String resource, @Nullable String scope) {
        String value = mint.secret("jag");
        open.put(value, new Assertion(audience, resource, scope, Instant.now().plusSeconds(300)));
        return value;
    }

    synchronized Assertion take(@Nullable String value, String audience) throws OAuthError {
        Assertion assertion = value == null ? null : open.remove(value);
        if (assertion == null || assertion.expiresAt().isBefore(Instant.now())) {
            throw new OAuthError(400, "invalid_grant", "The assertion is unknown, used or expired.");
        }
        if (!assertion.audience().equals(audience)) {
            throw new OAuthError(400, "invalid_grant", "The assertion is for another authorization server.");
        }
        return assertion;
    }
}
