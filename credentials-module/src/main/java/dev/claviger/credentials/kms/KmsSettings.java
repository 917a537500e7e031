package dev.claviger.credentials.kms;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the services are reached.
 *
 * @param timeLimit of one request, connecting and reading included
 * @param awsEndpoint base URL instead of the public one of the region; null: that one
 * @param gcpEndpoint base URL instead of {@code https://cloudkms.googleapis.com}
 * @param gcpCredentialsFile a credentials file of Google; null: Application Default Credentials
 * @param vaultToken a token of HashiCorp Vault; null: from {@code vaultTokenFile}
 * @param vaultTokenFile read at each request, because who renews tokens replaces it
 * @param vaultNamespace null: the root namespace
 */
public record KmsSettings(
        Duration timeLimit,
        @Nullable String awsEndpoint,
        @Nullable String gcpEndpoint,
        @Nullable Path gcpCredentialsFile,
        @Nullable String vaultToken,
        @Nullable Path vaultTokenFile,
        @Nullable String vaultNamespace) {

    @Override
    public String toString() {
        return "KmsSettings[timeLimit=" + timeLimit + "]";
    }
}
