package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.OAuthSettings;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.oauth.api.OAuthSettings.IdentityProvider;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sealed secrets of an OAuth connector.
 *
 * @param signingAlgorithm of the private key; null without one
 */
record OAuthSecrets(
        @Nullable SecretRef clientSecret,
        @Nullable SecretRef privateKey,
        @Nullable String signingAlgorithm,
        @Nullable SecretRef identityProviderSecret,
        @Nullable SecretRef subjectToken) {

    /** Which of them. */
    enum Place {
        CLIENT_SECRET("client secret", SecretPurpose.CLIENT_SECRET),
        PRIVATE_KEY("private key", SecretPurpose.PRIVATE_KEY),
        IDENTITY_PROVIDER_SECRET("client secret at the identity provider", SecretPurpose.CLIENT_SECRET),
        SUBJECT_TOKEN("identity token", SecretPurpose.SUBJECT_TOKEN);

        private final String words;
        private final SecretPurpose purpose;

        Place(String words, SecretPurpose purpose) {
            this.words = words;
            this.purpose = purpose;
        }

        /** In a sentence. */
        String words() {
            return words;
        }

        SecretPurpose purpose() {
            return purpose;
        }
    }

    static final OAuthSecrets NONE = new OAuthSecrets(null, null, null, null, null);

    static OAuthSecrets of(OAuthSettings settings) {
        IdentityProvider provider = settings.identityProvider();
        return new OAuthSecrets(
                settings.clientSecret(),
                settings.privateKey(),
                settings.signingAlgorithm(),
                provider == null ? null : provider.clientSecret(),
                provider == null ? null : provider.subjectToken());
    }

    /**
     * Those of the stored settings that still belong to what was entered and that nothing entered replaces: none is sent to
     * another server than the one it was entered for.
     */
    static OAuthSecrets kept(ConnectorSettings before, ConnectorEntry entry) {
        if (before.authType() != AuthType.OAUTH || entry.authType() != AuthType.OAUTH) {
            return NONE;
        }
        OAuthSettings stored = before.oauth();
        OAuthEntry typed = entry.oauth();
        OAuthSecrets secrets = of(stored);
        boolean client = before.url().equals(entry.url()) && typed.isForClientOf(stored);
        boolean key = client
                && (typed.signingAlgorithm() == null || typed.signingAlgorithm().equals(stored.signingAlgorithm()));
        IdentityProvider provider = stored.identityProvider();
        boolean idp = provider != null
                && typed.grant() == Grant.ENTERPRISE_MANAGED
                && typed.identityProvider().isFor(provider);
        boolean subject = idp
                && provider != null
                && provider.subjectTokenType().equals(typed.identityProvider().subjectTokenType());
        return new OAuthSecrets(
                client && typed.clientSecret().isBlank() && typed.privateKey().isBlank()
                        ? secrets.clientSecret()
                        : null,
                key && typed.clientSecret().isBlank() && typed.privateKey().isBlank() ? secrets.privateKey() : null,
                secrets.signingAlgorithm(),
                idp && typed.identityProvider().clientSecret().isBlank() ? secrets.identityProviderSecret() : null,
                subject && typed.identityProvider().subjectToken().isBlank() ? secrets.subjectToken() : null);
    }

    /** Those that are there. */
    Map<Place, SecretRef> stored() {
        Map<Place, SecretRef> stored = new EnumMap<>(Place.class);
        put(stored, Place.CLIENT_SECRET, clientSecret);
        put(stored, Place.PRIVATE_KEY, privateKey);
        put(stored, Place.IDENTITY_PROVIDER_SECRET, identityProviderSecret);
        put(stored, Place.SUBJECT_TOKEN, subjectToken);
        return stored;
    }

    /** Those that {@code later} does not have, also where the same secret is sealed anew: the old seal is of no use. */
    Map<Place, SecretRef> without(OAuthSecrets later) {
        Map<Place, SecretRef> gone = stored();
        gone.values().removeAll(later.stored().values());
        return gone;
    }

    /** What became of each that is not the same any more, in words: {@code private key dropped}. */
    List<String> changes(OAuthSecrets later) {
        List<String> changes = new ArrayList<>();
        Map<Place, SecretRef> now = later.stored();
        stored().forEach((place, secret) -> {
            SecretRef other = now.get(place);
            if (other == null) {
                changes.add(place.words() + " dropped");
            } else if (!other.fingerprint().equals(secret.fingerprint())) {
                changes.add(place.words() + " replaced");
            }
        });
        return changes;
    }

    /** Whether the client proves itself with the same secret or key; a new seal of the same is the same. */
    boolean sameClient(OAuthSecrets other) {
        return same(clientSecret, other.clientSecret)
                && same(privateKey, other.privateKey)
                && (privateKey == null || Objects.equals(signingAlgorithm, other.signingAlgorithm));
    }

    boolean sameIdentity(OAuthSecrets other) {
        return same(identityProviderSecret, other.identityProviderSecret) && same(subjectToken, other.subjectToken);
    }

    private static boolean same(@Nullable SecretRef one, @Nullable SecretRef other) {
        return Objects.equals(one == null ? null : one.fingerprint(), other == null ? null : other.fingerprint());
    }

    private static void put(Map<Place, SecretRef> stored, Place place, @Nullable SecretRef secret) {
        if (secret != null) {
            stored.put(place, secret);
        }
    }
}
