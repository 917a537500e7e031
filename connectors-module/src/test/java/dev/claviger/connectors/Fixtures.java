package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.oauth.api.OAuthSettings;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

/** Ids and settings that the tests share. */
final class Fixtures {

    static final ConnectorId CONNECTOR = new ConnectorId(new UUID(1, 1));
    static final ConnectionId FIRST = new ConnectionId(new UUID(2, 1));
    static final ConnectionId SECOND = new ConnectionId(new UUID(2, 2));
    static final AgentId AGENT = new AgentId(new UUID(3, 1));
    static final AgentId OTHER_AGENT = new AgentId(new UUID(3, 2));
    static final SecretRef TOKEN = new SecretRef(new UUID(4, 1), "f1");
    static final String URL = "https://mcp.example/mcp";

    /** PKCS #8 in PEM, a key on P-256. */
    static final String PEM = pem("EC", new ECGenParameterSpec("secp256r1"));

    private Fixtures() {}

    static String pem(String algorithm, AlgorithmParameterSpec parameters) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(parameters);
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
                    + "\n-----END PRIVATE KEY-----";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform makes RSA and EC keys", e);
        }
    }

    static ConnectorSettings settings(AuthType authType, CredentialMode mode) {
        return new ConnectorSettings(
                "Docs Search",
                URL,
                authType,
                authType == AuthType.API_KEY_HEADER ? "X-Api-Key" : null,
                Map.of(),
                mode,
                OAuthSettings.AUTOMATIC);
    }

    /** What a browser sends of the fields under Advanced. */
    static OAuthForm oauthForm(Map<String, String> typed) {
        return new OAuthForm(
                typed.get("authorizationEndpoint"),
                typed.get("tokenEndpoint"),
                typed.get("clientId"),
                TypedSecret.valueOf(typed.get("clientSecret")),
                typed.get("scope"),
                typed.get("issuer"),
                typed.get("grant"),
                TypedKey.valueOf(typed.get("privateKey")),
                typed.get("signingAlgorithm"),
                typed.get("resourceWay"),
                typed.get("resourceValue"),
                typed.get("expectedIssuer"),
                typed.get("publishedIssuer"),
                typed.get("forgetIssuers"),
                typed.get("idpIssuer"),
                typed.get("idpTokenEndpoint"),
                typed.get("idpClientId"),
                TypedSecret.valueOf(typed.get("idpClientSecret")),
                TypedSecret.valueOf(typed.get("idpSubjectToken")),
                typed.get("idpSubjectTokenType"),
                typed.get("clientSecretLastDay"),
                typed.get("idpClientSecretLastDay"),
                typed.get("refreshTokenIdleDays"));
    }

    /** Of a connector whose refresh tokens die after so many days without use. */
    static OAuthSettings idleLimit(Integer days) {
        OAuthSettings none = OAuthSettings.AUTOMATIC;
        return new OAuthSettings(
                null, null, null, null, null, null, none.grant(), null, null, none.resource(), null, null, null, days);
    }

    static ConnectorSettings shared(AuthType authType) {
        return settings(authType, CredentialMode.SHARED);
    }

    static ConnectorSettings at(ConnectorSettings from, String url) {
        return new ConnectorSettings(
                from.name(), url, from.authType(), from.headerName(), from.customHeaders(), from.mode(), from.oauth());
    }

    static ConnectorSettings named(ConnectorSettings from, String name) {
        return new ConnectorSettings(
                name, from.url(), from.authType(), from.headerName(), from.customHeaders(), from.mode(), from.oauth());
    }

    /** A check that allows https only, as the guarded client does. */
    static SettingsCheck check() {
        return new SettingsCheck(new OutboundClient() {
            @Override
            public OutboundResponse send(OutboundRequest request) {
                throw new UnsupportedOperationException("Nothing here calls outside");
            }

            @Override
            public <T> T stream(OutboundRequest request, Reader<T> reader) {
                throw new UnsupportedOperationException("Nothing here calls outside");
            }

            @Override
            public void check(URI uri) {
                if (!"https".equals(uri.getScheme())) {
                    throw new Untrusted(FailureCode.UNSAFE_ADDRESS, "Use an https URL.");
                }
            }
        });
    }
}
