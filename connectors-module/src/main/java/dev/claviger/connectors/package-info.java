/**
 * Keeps connectors, agents and connections: what an admin sees, and the way from Connect to a live connection.
 *
 * <p>Sends commands down to oauth, credentials and toolsync and listens to their events; owns the pages and the APIs that
 * show several of them. Begin with {@code Connector} and {@code ConnectionSaga}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"credentials::api", "credentials::outbound", "oauth::api", "toolsync::api"})
package dev.claviger.connectors;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
