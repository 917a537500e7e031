/** The durable job table (db-scheduler): effects and deadlines run from it; the page of jobs shows it. */
@NullMarked
package dev.claviger.app.jobs;

import org.jspecify.annotations.NullMarked;
