package dev.claviger.credentials.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** A range of addresses in the notation of RFC 4632 and RFC 4291 section 2.3, for example {@code 10.0.0.0/8}. */
record Cidr(InetAddress network, int prefixLength) {

    /**
     * Reads a range or a single address. Never looks up a name.
     *
     * @throws IllegalArgumentException when {@code text} is neither
     */
    static Cidr parse(String text) {
        String[] parts = text.split("/", 2);
        if (!isLiteral(parts[0])) {
            throw new IllegalArgumentException("'" + text + "' is not an address range, write it as 10.1.0.0/16");
        }
        try {
            InetAddress network = InetAddress.getByName(parts[0]);
            int longest = network.getAddress().length * 8;
            int prefixLength = parts.length == 1 ? longest : Integer.parseInt(parts[1]);
            if (prefixLength < 0 || prefixLength > longest) {
                throw new IllegalArgumentException("'" + text + "' has a prefix length above " + longest);
            }
            return new Cidr(network, prefixLength);
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not an address range, write it as 10.1.0.0/16", e);
        }
    }

    /** Whether the host part of a URL is an address in the usual notation rather than a name. */
    static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    boolean contains(byte[] address) {
        byte[] base = network.getAddress();
        if (base.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit += 8) {
            int mask = prefixLength - bit >= 8 ? 0xFF : 0xFF << (8 - (prefixLength - bit));
            if (((base[bit / 8] ^ address[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
