package dev.claviger.credentials;

import dev.claviger.credentials.kms.KmsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the master keys are.
 *
 * @param masterKeys references, the current key first
 * @param masterKey short for one local key in the configuration
 * @param masterKeyFile short for one local key in a file
 * @param keyCache how long what a key management service has unwrapped is kept in memory
 * @param kmsTimeLimit of one request to a key management service
 */
@ConfigurationProperties("claviger.vault")
record VaultSettings(
        @DefaultValue List<String> masterKeys,
        @DefaultValue("") String masterKey,
        @DefaultValue("") String masterKeyFile,
        @DefaultValue("10m") Duration keyCache,
        @DefaultValue("10s") Duration kmsTimeLimit,
        @Nullable String awsKmsEndpoint,
        @Nullable String gcpKmsEndpoint,
        @Nullable Path gcpCredentialsFile,
        @Nullable String hcvaultToken,
        @Nullable Path hcvaultTokenFile,
        @Nullable String hcvaultNamespace) {

    VaultSettings {
        if (keyCache.compareTo(Duration.ofMinutes(3)) < 0) {
            throw new IllegalArgumentException(
                    "claviger.vault.key-cache must be at least 3m: a refresh must not outlive the key that seals it");
        }
        if (kmsTimeLimit.isNegative() || kmsTimeLimit.isZero()) {
            throw new IllegalArgumentException("claviger.vault.kms-time-limit must be longer than nothing");
        }
    }

    KmsSettings kms() {
        return new KmsSettings(
                kmsTimeLimit,
                awsKmsEndpoint,
                gcpKmsEndpoint,
                gcpCredentialsFile,
                hcvaultToken,
                hcvaultTokenFile,
                hcvaultNamespace);
    }

    @Override
    public String toString() {
        return "VaultSettings[keyCache=" + keyCache + "]";
    }
}
