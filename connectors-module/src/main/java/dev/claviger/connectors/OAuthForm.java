package dev.claviger.connectors;

import dev.claviger.connectors.OAuthEntry.Identity;
import dev.claviger.oauth.api.OAuthSettings;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.oauth.api.OAuthSettings.IdentityProvider;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import dev.claviger.oauth.api.OAuthSettings.ResourceChoice;
import dev.claviger.oauth.api.OAuthSettings.ResourceChoice.Way;
import dev.claviger.oauth.api.PrivateKeys;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields under Advanced of the connector form, as they come from the browser and go back to it; secrets only come. */
record OAuthForm(
        @Nullable String authorizationEndpoint,
        @Nullable String tokenEndpoint,
        @Nullable String clientId,
        @Nullable TypedSecret clientSecret,
        @Nullable String scope,
        @Nullable String issuer,
        @Nullable String grant,
        @Nullable TypedKey privateKey,
        @Nullable String signingAlgorithm,
        @Nullable String resourceWay,
        @Nullable String resourceValue,
        @Nullable String expectedIssuer,
        @Nullable String publishedIssuer,
        @Nullable String forgetIssuers,
        @Nullable String idpIssuer,
        @Nullable String idpTokenEndpoint,
        @Nullable String idpClientId,
        @Nullable TypedSecret idpClientSecret,
        @Nullable TypedSecret idpSubjectToken,
        @Nullable String idpSubjectTokenType,
        @Nullable String clientSecretLastDay,
        @Nullable String idpClientSecretLastDay,
        @Nullable String refreshTokenIdleDays) {

    /** One of several to choose from. */
    record Choice(String value, String words, boolean chosen) {}

    static final OAuthForm EMPTY = of(OAuthSettings.AUTOMATIC);

    static OAuthForm of(OAuthSettings settings) {
        IssuerException exception = settings.issuerException();
        IdentityProvider provider = settings.identityProvider();
        return new OAuthForm(
                settings.authorizationEndpoint(),
                settings.tokenEndpoint(),
                settings.clientId(),
                null,
                settings.scope(),
                settings.clientIssuer(),
                Words.lower(settings.grant()),
                null,
                settings.signingAlgorithm(),
                Words.lower(settings.resource().way()),
                settings.resource().value(),
                exception == null ? null : exception.expected(),
                exception == null ? null : exception.published(),
                null,
                provider == null ? null : provider.issuer(),
                provider == null ? null : provider.tokenEndpoint(),
                provider == null ? null : provider.clientId(),
                null,
                null,
                provider == null ? Identity.ID_TOKEN : provider.subjectTokenType(),
                TypedEnd.lastDay(settings.clientSecretExpiresAt()),
                provider == null ? null : TypedEnd.lastDay(provider.clientSecretExpiresAt()),
                settings.refreshTokenIdleDays() == null
                        ? null
                        : settings.refreshTokenIdleDays().toString());
    }

    OAuthEntry entry(Map<String, String> unreadable) {
        if (grant != null && Words.parse(Grant.class, grant).isEmpty()) {
            unreadable.put(SettingsCheck.GRANT, "Choose how tokens are obtained.");
        }
        if (resourceWay != null && Words.parse(Way.class, resourceWay).isEmpty()) {
            unreadable.put(SettingsCheck.RESOURCE, "Choose what is sent as resource.");
        }
        Way way = Words.parse(Way.class, resourceWay).orElse(Way.AS_PUBLISHED);
        boolean valued = way == Way.OVERRIDE || way == Way.AUDIENCE;
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
                new ResourceChoice(way, valued ? ConnectorEntry.orNull(resourceValue) : null),
                issuerException(),
                new Identity(
                        ConnectorEntry.orNull(idpIssuer),
                        ConnectorEntry.orNull(idpTokenEndpoint),
                        ConnectorEntry.orNull(idpClientId),
                        TypedSecret.orBlank(idpClientSecret),
                        TypedSecret.orBlank(idpSubjectToken),
                        idpSubjectTokenType == null || idpSubjectTokenType.isBlank()
                                ? Identity.ID_TOKEN
                                : idpSubjectTokenType.strip(),
                        end(idpClientSecretLastDay, SettingsCheck.IDP_CLIENT_SECRET_END, unreadable)),
                end(clientSecretLastDay, SettingsCheck.CLIENT_SECRET_END, unreadable),
                idleDays(unreadable));
    }

    private static @Nullable Instant end(@Nullable String day, String field, Map<String, String> unreadable) {
        TypedEnd end = TypedEnd.ofSecret(day);
        if (end.trouble() != null) {
            unreadable.put(field, end.trouble());
        }
        return end.at();
    }

    private @Nullable Integer idleDays(Map<String, String> unreadable) {
        String typed = ConnectorEntry.orNull(refreshTokenIdleDays);
        try {
            return typed == null ? null : Integer.valueOf(typed);
        } catch (NumberFormatException e) {
            unreadable.put(SettingsCheck.REFRESH_TOKEN_IDLE_DAYS, SettingsCheck.SAY_DAYS);
            return null;
        }
    }

    private @Nullable IssuerException issuerException() {
        return forgetIssuers != null || expectedIssuer == null || expectedIssuer.isEmpty() || publishedIssuer == null
                ? null
                : new IssuerException(expectedIssuer, publishedIssuer);
    }

    boolean hasSecrets() {
        return !TypedSecret.orBlank(clientSecret).isBlank()
                || !TypedKey.orBlank(privateKey).isBlank()
                || !TypedSecret.orBlank(idpClientSecret).isBlank()
                || !TypedSecret.orBlank(idpSubjectToken).isBlank();
    }

    /** Whether anything is other than automatic, so that the part under Advanced is to be seen. */
    boolean isManual() {
        Way way = Words.parse(Way.class, resourceWay).orElse(Way.AS_PUBLISHED);
        return ConnectorEntry.orNull(authorizationEndpoint) != null
                || ConnectorEntry.orNull(tokenEndpoint) != null
                || ConnectorEntry.orNull(clientId) != null
                || ConnectorEntry.orNull(scope) != null
                || ConnectorEntry.orNull(issuer) != null
                || ConnectorEntry.orNull(expectedIssuer) != null
                || ConnectorEntry.orNull(refreshTokenIdleDays) != null
                || Words.parse(Grant.class, grant).orElse(Grant.AUTHORIZATION_CODE) != Grant.AUTHORIZATION_CODE
                || way != Way.AS_PUBLISHED;
    }

    List<Choice> algorithms() {
        return PrivateKeys.ALGORITHMS.stream()
                .map(name -> new Choice(name, name, name.equals(signingAlgorithm)))
                .toList();
    }

    List<Choice> subjectTokenTypes() {
        return List.of(
                new Choice(Identity.ID_TOKEN, "ID token", !Identity.REFRESH_TOKEN.equals(idpSubjectTokenType)),
                new Choice(
                        Identity.REFRESH_TOKEN, "Refresh token", Identity.REFRESH_TOKEN.equals(idpSubjectTokenType)));
    }
}
