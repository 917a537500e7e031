package dev.claviger.credentials.api;

import org.jspecify.annotations.Nullable;

/**
 * What a freeze covers, now and as long as it lasts.
 *
 * @param target the issuer byte for byte, the credential's UUID, or the actor of its uses; null for {@link Kind#EVERYTHING}
 */
public record FreezeScope(Kind kind, @Nullable String target) {

    public enum Kind {
        /** Every credential, whoever asks. */
        EVERYTHING,
        /** Every credential of one authorization server. */
        ISSUER,
        /** One credential, whether it is there already or comes later. */
        CREDENTIAL,
        /** Every credential, where this one asks for it; see {@link UsedBy#actor()}. */
        ACTOR
    }

    public static FreezeScope everything() {
        return new FreezeScope(Kind.EVERYTHING, null);
    }

    public static FreezeScope issuer(String issuer) {
        return new FreezeScope(Kind.ISSUER, issuer);
    }

    public static FreezeScope credential(CredentialId id) {
        return new FreezeScope(Kind.CREDENTIAL, id.value().toString());
    }

    public static FreezeScope actor(String actor) {
        return new FreezeScope(Kind.ACTOR, actor);
    }
}
