package dev.claviger.oauth.protocol;

import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.TokenRequest;
import dev.claviger.oauth.api.OAuthSettings.ResourceChoice;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What every request of one authorization says of the resource it is for: the authorization request, pushed or not, the
 * code exchange, and each refresh say the same (C39).
 *
 * @param resource byte for byte; null: not sent
 * @param audience byte for byte, for authorization servers that know no {@code resource}; null: not sent
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8707#section-2">RFC 8707 section 2</a>
 */
public record RequestProfile(
        @Nullable String resource, @Nullable String audience) {

    /** @param published the resource as its metadata has it; null: it has none */
    public static RequestProfile of(ResourceChoice choice, @Nullable String published) {
        return switch (choice.way()) {
            case AS_PUBLISHED -> new RequestProfile(published, null);
            case OVERRIDE -> new RequestProfile(choice.value(), null);
            case OMIT -> new RequestProfile(null, null);
            case AUDIENCE -> new RequestProfile(null, choice.value());
        };
    }

    void into(AuthorizationRequest.Builder request) {
        if (resource != null) {
            request.resource(URI.create(resource));
        }
        if (audience != null) {
            request.customParameter("audience", audience);
        }
    }

    void into(TokenRequest.Builder request) {
        if (resource != null) {
            request.resource(URI.create(resource));
        }
        if (audience != null) {
            request.customParameter("audience", audience);
        }
    }
}
