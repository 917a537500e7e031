/** For the oauth module only: opening sealed secrets, and the port through which credentials asks for a refresh. */
@NullMarked
@NamedInterface("vault")
package dev.claviger.credentials.vault;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
