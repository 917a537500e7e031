/**
 * Searches the packaged application for secrets: plants marked ones, travels the journeys, then looks into every row,
 * page, answer, log and file for them. Knows the application by its API, its pages and its database only. Begin at {@link
 * dev.claviger.bench.canary.Canary}.
 */
@NullMarked
package dev.claviger.bench.canary;

import org.jspecify.annotations.NullMarked;
