package dev.claviger.oauth;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.credentials.vault.SecretUnreadable;
import dev.claviger.oauth.protocol.TokenRevocation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells the provider that tokens which have just come are not wanted any more. They are sealed nowhere, so this is tried
 * once and never again.
 */
@Component
class DropTokens {

    private final OutboundClient client;
    private final ClientKeys keys;

    DropTokens(OutboundClient client, ClientKeys keys) {
        this.client = client;
        this.keys = keys;
    }

    /** Answers in words how it went; no transaction is open. The refresh token first: with it most drop the whole grant. */
    String drop(AuthorizationRow row, Secret accessToken, @Nullable Secret refreshToken) {
        try {
            Optional<TokenRevocation> endpoint = row.revocation(keys);
            if (endpoint.isEmpty()) {
                return "The provider has no way to be told (RFC 7009); the tokens die when they expire";
            }
            boolean done = refreshToken == null
                    || endpoint.get().isDone(client.send(endpoint.get().ofRefreshToken(refreshToken)));
            done &= endpoint.get().isDone(client.send(endpoint.get().ofAccessToken(accessToken)));
            return done
                    ? "The provider was told and agreed"
                    : "The provider was told, and refused at least one of the tokens";
        } catch (SecretUnreadable e) {
            return "The client secret could not be opened any more, so the provider was not told";
        } catch (Untrusted e) {
            return "The provider's revocation endpoint must not be called, so it was not told";
        } catch (Unreachable e) {
            return "The provider could not be reached; revoke Claviger's access there by hand";
        }
    }
}
