package dev.claviger.connectors;

import dev.claviger.connectors.OAuthEntry.Identity;
import dev.claviger.oauth.api.OAuthSettings;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.oauth.api.OAuthSettings.IdentityProvider;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import dev.claviger.oauth.api.OAuthSettings.ResourceChoice;
import dev.claviger.oauth.api.OAuthSettings.ResourceChoice.Way;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** OAuth settings of a connector as the admin API has them. Secrets come in and never go out. */
final class OAuthJson {

    private OAuthJson() {}

    /**
     * Manual OAuth settings; everything may be absent. An absent secret keeps the stored one while it belongs to the same
     * client, and the other way round: a private key takes the place of a client secret.
     *
     * @param issuer the authorization server that knows the client, compared byte for byte; absent: the one found
     * @param grant {@code authorization_code} (also when absent), {@code client_credentials} or {@code enterprise_managed}
     * @param privateKey PKCS #8 in PEM, for {@code private_key_jwt}
     * @param signingAlgorithm JWS algorithm; absent: the usual one of the key, {@code ES256} or {@code RS256} for example
     * @param resource absent: as published
     * @param identityProvider for {@code enterprise_managed}
     * @param clientSecretExpiresAt when the client secret ends, for the forecast; absent: nobody knows
     * @param refreshTokenIdleDays after how many days without use a refresh token dies, 1 to 3650; it is then used well
     *     before, whether an agent asks or not. Counts at once, also for what is connected; left out with another grant than
     *     {@code authorization_code}. Absent: only what the authorization server tells with its tokens is known
     */
    record Body(
            @Nullable String authorizationEndpoint,
            @Nullable String tokenEndpoint,
            @Nullable String clientId,
            @Nullable TypedSecret clientSecret,
            @Nullable String scope,
            @Nullable String issuer,
            @Nullable String grant,
            @Nullable TypedKey privateKey,
            @Nullable String signingAlgorithm,
            @Nullable ResourceBody resource,
            @Nullable ExceptionBody issuerException,
            @Nullable IdentityBody identityProvider,
            @Nullable Instant clientSecretExpiresAt,
            @Nullable Integer refreshTokenIdleDays) {

        static final Body NOTHING =
                new Body(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

        OAuthEntry entry(Map<String, String> unreadable) {
            if (grant != null && Words.parse(Grant.class, grant).isEmpty()) {
                unreadable.put(
                        SettingsCheck.GRANT, "Say authorization_code, client_credentials or enterprise_managed.");
            }
            String way = resource == null ? null : resource.way();
            if (resource != null && Words.parse(Way.class, way).isEmpty()) {
                unreadable.put(SettingsCheck.RESOURCE, "Say as_published, override, omit or audience as its way.");
            }
            return new OAuthEntry(
                    ConnectorEntry.orNull(authorizationEndpoint),
                    ConnectorEntry.orNull(tokenEndpoint),
                    ConnectorEntry.orNull(clientId),
                    TypedSecret.orBlank(clientSecret),
                    ConnectorEntry.orNull(scope),
                    ConnectorEntry.orNull(issuer),
                    Words.parse(Grant.class, grant).orElse(Grant.AUTHORIZATION_CODE),
                    TypedKey.orBlank(privateKey),
                    ConnectorEntry.orNull(signingAlgorithm),
                    new ResourceChoice(
                            Words.parse(Way.class, way).orElse(Way.AS_PUBLISHED),
                            resource == null ? null : ConnectorEntry.orNull(resource.value())),
                    issuerException == null
                            ? null
                            : new IssuerException(
                                    orEmpty(issuerException.expected()), orEmpty(issuerException.published())),
                    identityProvider == null ? Identity.NONE : identityProvider.entry(unreadable),
                    end(clientSecretExpiresAt, SettingsCheck.CLIENT_SECRET_END, unreadable),
                    refreshTokenIdleDays);
        }

        /** Issuers are compared byte for byte: nothing is taken off. */
        private static String orEmpty(@Nullable String issuer) {
            return issuer == null ? "" : issuer;
        }
    }

    /**
     * What is sent as {@code resource} (RFC 8707).
     *
     * @param way {@code as_published}, {@code override}, {@code omit} or {@code audience}
     * @param value verbatim, for {@code override} and {@code audience}
     */
    record ResourceBody(@Nullable String way, @Nullable String value) {}

    /** The one mismatch of issuers that is accepted, byte for byte. */
    record ExceptionBody(
            @Nullable String expected, @Nullable String published) {}

    /**
     * The organisation's identity provider.
     *
     * @param subjectToken what it exchanges for an assertion (RFC 8693)
     * @param subjectTokenType {@code urn:ietf:params:oauth:token-type:id_token} (also when absent) or {@code …:refresh_token}
     * @param clientSecretExpiresAt when the client secret there ends, for the forecast; absent: nobody knows
     */
    record IdentityBody(
            @Nullable String issuer,
            @Nullable String tokenEndpoint,
            @Nullable String clientId,
            @Nullable TypedSecret clientSecret,
            @Nullable TypedSecret subjectToken,
            @Nullable String subjectTokenType,
            @Nullable Instant clientSecretExpiresAt) {

        Identity entry(Map<String, String> unreadable) {
            return new Identity(
                    ConnectorEntry.orNull(issuer),
                    ConnectorEntry.orNull(tokenEndpoint),
                    ConnectorEntry.orNull(clientId),
                    TypedSecret.orBlank(clientSecret),
                    TypedSecret.orBlank(subjectToken),
                    subjectTokenType == null || subjectTokenType.isBlank()
                            ? Identity.ID_TOKEN
                            : subjectTokenType.strip(),
                    end(clientSecretExpiresAt, SettingsCheck.IDP_CLIENT_SECRET_END, unreadable));
        }
    }

    private static @Nullable Instant end(@Nullable Instant at, String field, Map<String, String> unreadable) {
        TypedEnd end = TypedEnd.ofSecret(at);
        if (end.trouble() != null) {
            unreadable.put(field, end.trouble());
        }
        return end.at();
    }

    /** As {@link Body}; instead of each secret whether one is stored. */
    record Answer(
            @Nullable String authorizationEndpoint,
            @Nullable String tokenEndpoint,
            @Nullable String clientId,
            boolean clientSecretStored,
            @Nullable String scope,
            @Nullable String issuer,
            String grant,
            boolean privateKeyStored,
            @Nullable String signingAlgorithm,
            ResourceBody resource,
            @Nullable ExceptionBody issuerException,
            @Nullable IdentityAnswer identityProvider,
            @Nullable Instant clientSecretExpiresAt,
            @Nullable Integer refreshTokenIdleDays) {

        static Answer of(OAuthSettings settings) {
            IssuerException exception = settings.issuerException();
            return new Answer(
                    settings.authorizationEndpoint(),
                    settings.tokenEndpoint(),
                    settings.clientId(),
                    settings.clientSecret() != null,
                    settings.scope(),
                    settings.clientIssuer(),
                    Words.lower(settings.grant()),
                    settings.privateKey() != null,
                    settings.signingAlgorithm(),
                    new ResourceBody(
                            Words.lower(settings.resource().way()),
                            settings.resource().value()),
                    exception == null ? null : new ExceptionBody(exception.expected(), exception.published()),
                    IdentityAnswer.of(settings.identityProvider()),
                    settings.clientSecretExpiresAt(),
                    settings.refreshTokenIdleDays());
        }
    }

    record IdentityAnswer(
            String issuer,
            String tokenEndpoint,
            String clientId,
            boolean clientSecretStored,
            boolean subjectTokenStored,
            String subjectTokenType,
            @Nullable Instant clientSecretExpiresAt) {
        static @Nullable IdentityAnswer of(@Nullable IdentityProvider provider) {
            return provider == null
                    ? null
                    : new IdentityAnswer(
                            provider.issuer(),
                            provider.tokenEndpoint(),
                            provider.clientId(),
                            provider.clientSecret() != null,
                            true,
                            provider.subjectTokenType(),
                            provider.clientSecretExpiresAt());
        }
    }
}
