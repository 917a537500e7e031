/**
 * Speaks to the key management services in which an operator keeps master keys: AWS KMS, Google Cloud KMS, the transit
 * engine of HashiCorp Vault. Goes where the operator's configuration says and nowhere else, so not through the guard of
 * {@code outbound}, but with time limits, capped bodies and no redirects.
 *
 * <p>Knows no database, no secret but the key it is given to wrap, and nothing of Spring. Begin with {@code KmsKeys}.
 */
@NullMarked
package dev.claviger.credentials.kms;

import org.jspecify.annotations.NullMarked;
