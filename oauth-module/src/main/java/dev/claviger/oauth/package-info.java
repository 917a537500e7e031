/**
 * Keeps authorizations: finds the authorization server, obtains a client, asks for consent, speaks to the token endpoint.
 *
 * <p>Knows credentials, into which it puts what it is granted; knows nothing of connectors, agents or tools. Protocol
 * rules are in {@code protocol}, one class per RFC. Begin with {@code Authorization} and {@code DiscoverServer}.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"credentials::api", "credentials::vault", "credentials::outbound"})
package dev.claviger.oauth;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
