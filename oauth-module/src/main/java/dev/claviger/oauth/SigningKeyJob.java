package dev.claviger.oauth;

/** Which signing key a job is about. */
record SigningKeyJob(String keyId) {}
