package dev.claviger.oauth;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.oauth.protocol.ClientRegistration;
import java.net.URI;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Where authorization responses come back to: one address, from the configured public base URL and nowhere else. */
@Component
class RedirectUri {

    static final String PATH = "/oauth/callback";

    private final URI value;

    RedirectUri(@Value("${claviger.public-url}") String publicUrl) {
        value = URI.create(publicUrl + PATH);
    }

    /** @throws Refused when no authorization server may accept it (C41) */
    URI value() {
        if (!ClientRegistration.isUsableRedirect(value)) {
            throw new Refused(
                    FailureCode.REDIRECT_URI_REFUSED,
                    "OAuth needs to come back over https, or to localhost. Set claviger.public-url to the https address"
                            + " under which browsers reach Claviger.");
        }
        return value;
    }
}
