/**
 * Keeps what we hold to get in: seals secrets, hands out fresh credentials, refreshes them once, revokes and shreds.
 *
 * <p>Knows nobody: not connectors, not agents, not how an authorization server is spoken to. What it needs from above it
 * declares, as {@code vault.TokenRefresher}. Begin with {@code DatabaseFreshCredentials} and {@code Credential}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {})
package dev.claviger.credentials;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
