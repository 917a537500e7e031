/**
 * Keeps tool catalogues: asks MCP servers what they offer and says what changed. Keeps the health of credentials: what a
 * server says to each when it is asked for its tools.
 *
 * <p>Knows credentials, of which it asks a fresh one for each listing; knows nothing of connectors, agents or consent. The
 * MCP client is in {@code protocol}. Begin with {@code ToolCatalog} and {@code ListTools}, for health with
 * {@code CheckCredentialHealth}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"credentials::api", "credentials::outbound"})
package dev.claviger.toolsync;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
