/** What the modules above may use of toolsync: ids, commands, events, queries. */
@NullMarked
@NamedInterface("api")
package dev.claviger.toolsync.api;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
