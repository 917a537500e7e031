package dev.claviger.credentials.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;

/** Tells of a host, without looking up its name, whether it can be meant for everybody. */
public final class PublicHost {

    /** RFC 6761, RFC 6762, RFC 8375 and what networks use inside. */
    private static final Set<String> NOT_PUBLIC =
            Set.of("localhost", "local", "internal", "intranet", "lan", "home", "arpa", "test", "invalid");

    private PublicHost() {}

    /** @param host as {@code URI.getHost()} has it: a name, or an address, IPv6 in brackets */
    public static boolean isConceivable(String host) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        if (Cidr.isLiteral(bare)) {
            return isPublicLiteral(bare);
        }
        String name = bare.toLowerCase(Locale.ROOT).replaceAll("\\.$", "");
        int dot = name.lastIndexOf('.');
        return dot > 0 && !NOT_PUBLIC.contains(name.substring(dot + 1));
    }

    private static boolean isPublicLiteral(String address) {
        try {
            return AddressGuard.isPublic(InetAddress.getByName(address).getAddress());
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
