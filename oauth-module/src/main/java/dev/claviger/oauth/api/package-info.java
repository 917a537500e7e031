/** What the modules above may use of oauth: ids, commands, events, queries. */
@NullMarked
@NamedInterface("api")
package dev.claviger.oauth.api;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
