package dev.claviger.oauth.protocol;

import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.JWTAuthentication;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A client assertion as Nimbus writes it into a request; Nimbus' own class takes no Ed25519.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7521#section-4.2">RFC 7521 section 4.2</a>
 */
final class SignedAuthentication extends ClientAuthentication {

    private final SignedJWT assertion;

    SignedAuthentication(ClientID clientId, SignedJWT assertion) {
        super(ClientAuthenticationMethod.PRIVATE_KEY_JWT, clientId);
        this.assertion = assertion;
    }

    @Override
    public Set<String> getFormParameterNames() {
        return Set.of("client_assertion", "client_assertion_type", "client_id");
    }

    @Override
    public void applyTo(HTTPRequest request) {
        try {
            Map<String, List<String>> form = new LinkedHashMap<>(request.getBodyAsFormParameters());
            form.put("client_id", List.of(getClientID().getValue()));
            form.put("client_assertion_type", List.of(JWTAuthentication.CLIENT_ASSERTION_TYPE));
            form.put("client_assertion", List.of(assertion.serialize()));
            request.setBody(URLUtils.serializeParameters(form));
        } catch (ParseException e) {
            throw new IllegalStateException("A token request is a form", e);
        }
    }
}
