/** What every module may use of credentials: ids, messages, sealing, and {@link FreshCredentials}. Opening is elsewhere. */
@NullMarked
@NamedInterface("api")
package dev.claviger.credentials.api;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
