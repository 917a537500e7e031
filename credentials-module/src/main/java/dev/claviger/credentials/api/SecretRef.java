package dev.claviger.credentials.api;

import java.util.UUID;

/**
 * Points at a sealed secret; what messages carry instead of it.
 *
 * @param id the row in the vault
 * @param fingerprint keyed hash (HMAC-SHA-256, first 16 bytes in lower-case hex); equal secrets have equal fingerprints,
 *     nobody without the key can test a guess
 */
public record SecretRef(UUID id, String fingerprint) {}
