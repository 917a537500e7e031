/**
 * Says before any consent whether Connect will work with a server: what was seen, graded, each finding with its fix.
 *
 * <p>Puts together what toolsync and oauth see from outside, and what is known of providers ({@code providers.json}). Works
 * with and without an application around it. Begin with {@code Preflight}.
 */
@NullMarked
@NamedInterface("preflight")
package dev.claviger.connectors.preflight;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
