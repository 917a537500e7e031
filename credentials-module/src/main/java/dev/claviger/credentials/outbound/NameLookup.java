package dev.claviger.credentials.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Resolves a host name to all its addresses. */
interface NameLookup {
    InetAddress[] resolve(String host) throws UnknownHostException;
}
