/**
 * All of the Axon wiring: event store on PostgreSQL, processors, wake-up between nodes, metadata of messages. Every bean is
 * declared here and asserted by {@code WiringTest}, because Axon's own configuration leaves some out without a word.
 */
@NullMarked
package dev.claviger.app.axon;

import org.jspecify.annotations.NullMarked;
