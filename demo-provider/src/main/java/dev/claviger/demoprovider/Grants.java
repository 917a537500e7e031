package dev.claviger.demoprovider;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Codes and tokens, in memory. All tokens that came from one consent are a family and die together. */
final class Grants {

    /**
     * What one consent allowed.
     *
     * @param resource the audience of its access tokens
     * @param account claims of the person who consented; null: nobody is told
     */
    record Grant(
            String family,
            String clientId,
            String resource,
            String scope,
            @Nullable Map<String, Object> account) {}

    /** @param challenge {@code code_challenge} of the authorization request, S256 */
    record Code(Grant grant, String redirectUri, String challenge, Instant expiresAt) {}

    private record AccessToken(Grant grant, Instant expiresAt) {}

    private final Knobs knobs;
    private final Mint mint;
    private final Map<String, Code> codes = new HashMap<>();
    private final Set<String> spentCodes = new HashSet<>();
    private final Map<String, AccessToken> accessTokens = new HashMap<>();
    private final Map<String, Grant> refreshTokens = new HashMap<>();
    private final Set<String> rotated = new HashSet<>();
    private final Set<String> deadFamilies = new HashSet<>();
    private long refreshed;
    private long reused;
    private long refused;

    Grants(Knobs knobs, Mint mint) {
        this.knobs = knobs;
        this.mint = mint;
    }

    synchronized String code(String clientId, String redirectUri, String challenge, String resource, String scope) {
        String code = mint.secret("code");
        Grant grant = new Grant(mint.id(), clientId, resource, scope, knobs.account);
        codes.put(code, new Code(grant, redirectUri, challenge, Instant.now().plusSeconds(60)));
        return code;
    }

    /** Takes the code; a second time it takes back what the first gave. */
    synchronized Code redeem(String value) throws OAuthError {
        Code code = codes.get(value);
        if (code == null) {
            throw new OAuthError(400, "invalid_grant", "The code is unknown.");
        }
        if (!spentCodes.add(value)) {
            deadFamilies.add(code.grant().family());
            throw new OAuthError(400, "invalid_grant", "The code was used before.");
        }
        if (code.expiresAt().isBefore(Instant.now())) {
            throw new OAuthError(400, "invalid_grant", "The code has expired.");
        }
        return code;
    }

    /** One without a person. */
    Grant grant(String clientId, String resource, String scope) {
        return new Grant(mint.id(), clientId, resource, scope, null);
    }

    synchronized String accessToken(Grant grant) {
        String token = mint.secret("at");
        accessTokens.put(token, new AccessToken(grant, Instant.now().plus(knobs.accessTokenLifetime)));
        return token;
    }

    synchronized String refreshToken(Grant grant) {
        String token = mint.secret("rt");
        refreshTokens.put(token, grant);
        return token;
    }

    /** The grant of a refresh token of this client; a rotated one ends its family. */
    synchronized Grant refresh(@Nullable String token, String clientId) throws OAuthError {
        Grant grant = token == null ? null : refreshTokens.get(token);
        if (grant == null || !grant.clientId().equals(clientId) || deadFamilies.contains(grant.family())) {
            refused++;
            throw new OAuthError(400, "invalid_grant", "The refresh token is not valid.");
        }
        if (knobs.reuseDetection && rotated.contains(token)) {
            reused++;
            deadFamilies.add(grant.family());
            throw new OAuthError(400, "invalid_grant", "The refresh token was used before; the grant is revoked.");
        }
        if (knobs.rotateRefreshTokens) {
            rotated.add(token);
        }
        refreshed++;
        return grant;
    }

    /** The grant of an access token that is good now, or null. */
    synchronized @Nullable Grant introspect(@Nullable String token) {
        AccessToken known = token == null ? null : accessTokens.get(token);
        if (known == null || known.expiresAt().isBefore(Instant.now())) {
            return null;
        }
        return deadFamilies.contains(known.grant().family()) ? null : known.grant();
    }

    /** Revoking a refresh token ends the family, an access token only itself. */
    synchronized void revoke(@Nullable String token, String clientId) {
        Grant grant = token == null ? null : refreshTokens.get(token);
        if (grant != null && grant.clientId().equals(clientId)) {
            deadFamilies.add(grant.family());
        }
        AccessToken access = token == null ? null : accessTokens.get(token);
        if (access != null && access.grant().clientId().equals(clientId)) {
            accessTokens.remove(token);
        }
    }

    /** What became of the refresh tokens that were shown. */
    synchronized RefreshCounts refreshCounts() {
        return new RefreshCounts(refreshed, reused, refused, deadFamilies.size());
    }

    synchronized void expireAccessTokens() {
        accessTokens.clear();
    }

    synchronized void revokeAll() {
        refreshTokens.values().forEach(grant -> deadFamilies.add(grant.family()));
        accessTokens.values().forEach(token -> deadFamilies.add(token.grant().family()));
    }
}
