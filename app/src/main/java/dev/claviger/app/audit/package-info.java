/**
 * The audit trail: every event of every module, in words, found by connector, agent, actor, event and time.
 *
 * <p>Changes nothing and asks nobody for secrets; events hold none. Begin with {@code AuditTrail}.
 */
@NullMarked
package dev.claviger.app.audit;

import org.jspecify.annotations.NullMarked;
