/** What others may use of connectors: ids, commands, events, queries. */
@NullMarked
@NamedInterface("api")
package dev.claviger.connectors.api;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
