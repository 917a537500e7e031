/**
 * OAuth 2.1 as MCP uses it, one class per RFC: building a request and checking a response are two functions. No Axon, no
 * Spring bean, no database; the outside is reached through {@code OutboundClient} only.
 */
@NullMarked
package dev.claviger.oauth.protocol;

import org.jspecify.annotations.NullMarked;
