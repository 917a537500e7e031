/**
 * Who may do what: people who sign in, admin API tokens, agent keys, and the headers that every answer carries.
 *
 * <p>Knows no connector; asks connectors only whose key an agent shows. Begin with {@code SecurityConfiguration}.
 */
@NullMarked
package dev.claviger.app.security;

import org.jspecify.annotations.NullMarked;
