/**
 * The one door out. Every byte that leaves for a provider, with a secret or without, leaves through {@link
 * OutboundClient}; every durable attempt to call one is an {@link Effect}.
 */
@NullMarked
@NamedInterface("outbound")
package dev.claviger.credentials.outbound;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
