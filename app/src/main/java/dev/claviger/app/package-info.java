/**
 * Composes the modules into an application: database, Axon, jobs, sessions, security, audit, layout.
 *
 * <p>Keeps nothing of its own but the audit trail and the people; knows every module's {@code api} and nothing behind it.
 * Begin with {@code axon.EventStoreConfiguration} and {@code axon.Processors}.
 */
@NullMarked
@ApplicationModule(
        allowedDependencies = {
            "credentials::api",
            "credentials::outbound",
            "oauth::api",
            "toolsync::api",
            "connectors::api"
        })
package dev.claviger.app;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
