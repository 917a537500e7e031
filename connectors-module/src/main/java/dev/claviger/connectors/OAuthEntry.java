package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.OAuthSettings;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.oauth.api.OAuthSettings.IdentityProvider;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import dev.claviger.oauth.api.OAuthSettings.ResourceChoice;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The OAuth settings that somebody entered, with what they keep secret still in the open. */
record OAuthEntry(
        @Nullable String authorizationEndpoint,
        @Nullable String tokenEndpoint,
        @Nullable String clientId,
        TypedSecret clientSecret,
        @Nullable String scope,
        @Nullable String issuer,
        Grant grant,
        TypedKey privateKey,
        @Nullable String signingAlgorithm,
        ResourceChoice resource,
        @Nullable IssuerException issuerException,
        Identity identityProvider,
        @Nullable Instant clientSecretExpiresAt,
        @Nullable Integer refreshTokenIdleDays) {

    /** The identity provider of the organisation, as entered. */
    record Identity(
            @Nullable String issuer,
            @Nullable String tokenEndpoint,
            @Nullable String clientId,
            TypedSecret clientSecret,
            TypedSecret subjectToken,
            String subjectTokenType,
            @Nullable Instant clientSecretExpiresAt) {

        /** What the subject token is where nobody says otherwise, RFC 8693 section 3. */
        static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";

        static final String REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";

        static final Identity NONE =
                new Identity(null, null, null, TypedSecret.BLANK, TypedSecret.BLANK, ID_TOKEN, null);

        /** Whether what is stored of the other goes to the same place. */
        boolean isFor(IdentityProvider stored) {
            return stored.issuer().equals(issuer)
                    && stored.tokenEndpoint().equals(tokenEndpoint)
                    && stored.clientId().equals(clientId);
        }
    }

    private static final String NO_SUBJECT =
            "Enter the identity token that the identity provider exchanges for an assertion.";

    /** Stands for a secret that will be sealed, or that is missing and asked for. */
    private static final SecretRef STAND_IN = new SecretRef(new UUID(0, 0), "");

    /** Whether what is stored of the other belongs to the same client at the same authorization server. */
    boolean isForClientOf(OAuthSettings stored) {
        return Objects.equals(stored.clientId(), clientId)
                && Objects.equals(stored.authorizationEndpoint(), authorizationEndpoint)
                && Objects.equals(stored.tokenEndpoint(), tokenEndpoint)
                && Objects.equals(stored.clientIssuer(), issuer);
    }

    /** The settings with these secrets; what the grant does not need is left out. */
    OAuthSettings settings(OAuthSecrets secrets) {
        return new OAuthSettings(
                authorizationEndpoint,
                tokenEndpoint,
                clientId,
                secrets.clientSecret(),
                scope,
                issuer,
                grant,
                secrets.privateKey(),
                secrets.privateKey() == null ? null : secrets.signingAlgorithm(),
                resource,
                issuerException,
                grant == Grant.ENTERPRISE_MANAGED ? identityProvider(secrets) : null,
                secrets.clientSecret() == null ? null : clientSecretExpiresAt,
                grant == Grant.AUTHORIZATION_CODE ? refreshTokenIdleDays : null);
    }

    private IdentityProvider identityProvider(OAuthSecrets secrets) {
        SecretRef subject = secrets.subjectToken();
        if (subject == null) {
            throw new ConnectorRejected(NO_SUBJECT);
        }
        return new IdentityProvider(
                ConnectorEntry.orEmpty(identityProvider.issuer()),
                ConnectorEntry.orEmpty(identityProvider.tokenEndpoint()),
                ConnectorEntry.orEmpty(identityProvider.clientId()),
                secrets.identityProviderSecret(),
                subject,
                identityProvider.subjectTokenType(),
                secrets.identityProviderSecret() == null ? null : identityProvider.clientSecretExpiresAt());
    }

    /** The settings as they would be, without sealing anything. */
    OAuthSettings foreseen(OAuthSecrets kept) {
        OAuthSecrets then = with(kept, (purpose, secret) -> STAND_IN);
        return settings(
                grant != Grant.ENTERPRISE_MANAGED || then.subjectToken() != null
                        ? then
                        : new OAuthSecrets(
                                then.clientSecret(),
                                then.privateKey(),
                                then.signingAlgorithm(),
                                then.identityProviderSecret(),
                                STAND_IN));
    }

    /** What was typed, through {@code seal}; otherwise what is kept. */
    OAuthSecrets with(OAuthSecrets kept, BiFunction<SecretPurpose, Secret, SecretRef> seal) {
        boolean enterprise = grant == Grant.ENTERPRISE_MANAGED;
        return new OAuthSecrets(
                typed(clientSecret.secret(), SecretPurpose.CLIENT_SECRET, kept.clientSecret(), seal),
                typed(privateKey.secret(), SecretPurpose.PRIVATE_KEY, kept.privateKey(), seal),
                privateKey.secret() == null ? kept.signingAlgorithm() : algorithmOfTyped(),
                enterprise
                        ? typed(
                                identityProvider.clientSecret().secret(),
                                SecretPurpose.CLIENT_SECRET,
                                kept.identityProviderSecret(),
                                seal)
                        : null,
                enterprise
                        ? typed(
                                identityProvider.subjectToken().secret(),
                                SecretPurpose.SUBJECT_TOKEN,
                                kept.subjectToken(),
                                seal)
                        : null);
    }

    private @Nullable String algorithmOfTyped() {
        return signingAlgorithm == null ? privateKey.algorithm() : signingAlgorithm;
    }

    private static @Nullable SecretRef typed(
            @Nullable Secret secret,
            SecretPurpose purpose,
            @Nullable SecretRef kept,
            BiFunction<SecretPurpose, Secret, SecretRef> seal) {
        return secret == null ? kept : seal.apply(purpose, secret);
    }

    /** Adds a sentence per field whose secret cannot stay so; settings are checked elsewhere. */
    void errors(OAuthSecrets kept, Map<String, String> errors) {
        put(errors, SettingsCheck.CLIENT_SECRET, clientSecret.trouble());
        put(errors, SettingsCheck.PRIVATE_KEY, privateKey.trouble());
        if (clientId == null && !clientSecret.isBlank()) {
            errors.put(SettingsCheck.CLIENT_ID, "Enter the client id that this secret belongs to.");
        }
        if (!clientSecret.isBlank() && !privateKey.isBlank()) {
            errors.put(SettingsCheck.PRIVATE_KEY, "Enter a client secret or a private key, not both.");
        }
        if (signingAlgorithm != null && privateKey.isBlank() && kept.privateKey() == null) {
            errors.put(
                    SettingsCheck.PRIVATE_KEY,
                    "Enter the private key that signs with " + signingAlgorithm
                            + ", or leave the algorithm to the key.");
        } else if (signingAlgorithm != null) {
            put(errors, SettingsCheck.SIGNING_ALGORITHM, privateKey.troubleWith(signingAlgorithm));
        }
        if (grant == Grant.ENTERPRISE_MANAGED) {
            put(
                    errors,
                    SettingsCheck.IDP_CLIENT_SECRET,
                    identityProvider.clientSecret().trouble());
            put(
                    errors,
                    SettingsCheck.SUBJECT_TOKEN,
                    identityProvider.subjectToken().trouble());
            if (identityProvider.subjectToken().isBlank() && kept.subjectToken() == null) {
                errors.put(SettingsCheck.SUBJECT_TOKEN, NO_SUBJECT);
            }
        }
    }

    private static void put(Map<String, String> errors, String field, @Nullable String sentence) {
        if (sentence != null) {
            errors.put(field, sentence);
        }
    }
}
