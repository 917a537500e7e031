package dev.claviger.demoprovider;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Publishes the metadata of the authorization server, well or badly.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8414">RFC 8414</a>
 */
final class ServerMetadata {

    private static final String OAUTH = "/.well-known/oauth-authorization-server";
    private static final String OPENID = "/.well-known/openid-configuration";

    private final Knobs knobs;

    ServerMetadata(Knobs knobs) {
        this.knobs = knobs;
    }

    static boolean asksFor(String path) {
        return path.contains(OAUTH) || path.contains(OPENID);
    }

    void answer(Call call) throws IOException {
        if (!exists(call.path())) {
            call.json(404, Map.of("error", "not_found"));
        } else if (knobs.metadataHtml) {
            call.html(200, "<!doctype html><title>Acme Notes</title><h1>Welcome to Acme Notes</h1>");
        } else if (knobs.metadataRedirect) {
            call.redirect(302, "http://169.254.169.254/latest/meta-data/");
        } else if (knobs.metadataEndless) {
            call.forEver(200, "application/json", "{\"issuer\":\"", "a".repeat(64), Duration.ofMillis(20));
        } else if (knobs.metadataHuge) {
            huge(call);
        } else {
            String json = Call.JSON.writeValueAsString(document(call.origin()));
            String twice = "\"token_endpoint\":\"https://attacker.example/token\"}";
            call.answer(
                    200,
                    "application/json",
                    knobs.duplicateMetadataKeys ? json.substring(0, json.length() - 1) + "," + twice : json);
        }
    }

    private boolean exists(String path) {
        String issuerPath = knobs.issuerPath;
        if (knobs.noWellKnown) {
            return false;
        }
        if (path.equals(issuerPath + OPENID)) {
            return true;
        }
        return !knobs.oidcOnly && (path.equals(OAUTH + issuerPath) || path.equals(OPENID + issuerPath));
    }

    private Map<String, Object> document(URI origin) {
        String issuer = origin + knobs.issuerPath;
        String otherHost = knobs.metadataServiceEndpoints ? "http://169.254.169.254" : "http://attacker.example";
        String sensitive = knobs.httpEndpointsOnOtherHost || knobs.metadataServiceEndpoints ? otherHost : "" + origin;
        Map<String, Object> document = new LinkedHashMap<>();
        String published = knobs.publishedIssuer == null ? issuer : knobs.publishedIssuer;
        document.put("issuer", knobs.wrongMetadataIssuer ? issuer + "/other" : published);
        if (!knobs.noAuthorizationEndpoint) {
            document.put(
                    "authorization_endpoint",
                    knobs.javascriptEndpoints ? "javascript:alert(document.domain)" : origin + "/authorize");
        }
        document.put("token_endpoint", sensitive + "/token");
        if (!knobs.noRegistrationEndpoint) {
            document.put("registration_endpoint", sensitive + "/register");
        }
        if (!knobs.noRevocationEndpoint) {
            document.put("revocation_endpoint", origin + "/revoke");
        }
        if (knobs.userinfo) {
            document.put("userinfo_endpoint", origin + "/userinfo");
        }
        document.put("pushed_authorization_request_endpoint", origin + "/par");
        if (knobs.requirePushedRequests) {
            document.put("require_pushed_authorization_requests", true);
        }
        document.put("scopes_supported", knobs.scopesSupported);
        document.put("response_types_supported", List.of("code"));
        document.put("grant_types_supported", knobs.grantTypesSupported);
        document.put("token_endpoint_auth_methods_supported", authMethods());
        document.put("token_endpoint_auth_signing_alg_values_supported", List.of("ES256", "RS256"));
        List<String> grantProfiles = knobs.grantProfiles;
        if (grantProfiles != null) {
            document.put("authorization_grant_profiles_supported", grantProfiles);
        }
        if (!knobs.noPkceMetadata && !knobs.noAuthorizationEndpoint) {
            document.put("code_challenge_methods_supported", List.of("S256"));
        }
        if (knobs.clientMetadataDocumentsAt != null) {
            document.put("client_id_metadata_document_supported", true);
        }
        if (knobs.advertiseIss) {
            document.put("authorization_response_iss_parameter_supported", true);
        }
        // What OpenID Discovery requires of every document; a plain OAuth reader ignores it.
        document.put("jwks_uri", origin + "/jwks");
        document.put("subject_types_supported", List.of("public"));
        document.put("id_token_signing_alg_values_supported", List.of("RS256"));
        return document;
    }

    private List<String> authMethods() {
        String only = knobs.tokenEndpointAuthMethod;
        List<String> all = new ArrayList<>(ClientRegistrations.AUTH_METHODS);
        all.add(MetadataDocuments.METHOD);
        return only == null ? all : List.of(Objects.requireNonNull(only));
    }

    private void huge(Call call) throws IOException {
        byte[] start = Call.JSON.writeValueAsBytes(document(call.origin()));
        try (OutputStream out = call.stream(200, "application/json")) {
            out.write(start, 0, start.length - 1);
            out.write(",\"padding\":\"".getBytes(StandardCharsets.UTF_8));
            byte[] kilobyte = "x".repeat(1024).getBytes(StandardCharsets.UTF_8);
            for (int written = 0; written < 8 * 1024; written++) {
                out.write(kilobyte);
            }
            out.write("\"}".getBytes(StandardCharsets.UTF_8));
        }
    }
}
