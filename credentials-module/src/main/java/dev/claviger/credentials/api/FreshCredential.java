package dev.claviger.credentials.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A credential in the open, for immediate use.
 *
 * @param headerName the request header that carries it
 * @param headerValue the whole value, for example {@code Bearer …}
 * @param generation number of the token set, from 1
 * @param expiresAt when it dies as far as the issuer told; null: unknown or never
 */
public record FreshCredential(
        CredentialId credentialId,
        String headerName,
        Secret headerValue,
        long generation,
        @Nullable Instant expiresAt) {}
