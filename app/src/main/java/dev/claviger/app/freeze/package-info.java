/**
 * The emergency stop: its page and API, and how many processes have acknowledged it. What is frozen is decided in
 * credentials. Begin with {@code EmergencyPage} and {@code Acknowledging}.
 */
@NullMarked
package dev.claviger.app.freeze;

import org.jspecify.annotations.NullMarked;
