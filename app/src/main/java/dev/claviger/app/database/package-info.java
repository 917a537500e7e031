/**
 * Where the data is: the configured PostgreSQL, or an embedded one that keeps its data through restarts and crashes. Runs
 * each module's migrations before anybody sees the data source.
 */
@NullMarked
package dev.claviger.app.database;

import org.jspecify.annotations.NullMarked;
