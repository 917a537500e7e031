/**
 * A fake of the outside world that speaks real HTTP on loopback: an authorization server and an MCP server, well-behaved
 * until a knob says otherwise.
 *
 * <p>Serves the tests and {@code ./claviger demo}; never part of the production artefact. Knows nothing of Claviger. Begin
 * with {@code DemoProvider}.
 */
@NullMarked
package dev.claviger.demoprovider;

import org.jspecify.annotations.NullMarked;
