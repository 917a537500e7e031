/**
 * Measures the packaged application from outside: its agent API, its refreshes, its projections. Every number is taken
 * in the same run on the same machine as the number it is compared with, and every run is bounded. Begin at {@link
 * dev.claviger.bench.Bench}.
 */
@NullMarked
package dev.claviger.bench;

import org.jspecify.annotations.NullMarked;
