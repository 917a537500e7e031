package dev.claviger.credentials.outbound;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells public addresses from those that only mean something inside a network, by the IANA special-purpose registries, and
 * knows what the operator allows nevertheless.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6890">RFC 6890</a>
 */
final class AddressGuard {

    private static final List<Cidr> FORBIDDEN_V4 = ranges(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4");

    /** Only global unicast may be called at all, which leaves out loopback, link-local, unique-local and multicast. */
    private static final Cidr GLOBAL_UNICAST = Cidr.parse("2000::/3");

    /** Within global unicast: Teredo and other protocol assignments, documentation. */
    private static final List<Cidr> FORBIDDEN_V6 = ranges("2001::/23", "2001:db8::/32", "3fff::/20");

    private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16");
    private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");

    private final Set<String> allowedHosts;
    private final List<Cidr> allowedRanges;

    /** @param allow host names, addresses and ranges that may be called although they are not public */
    AddressGuard(Collection<String> allow) {
        allowedHosts = allow.stream()
                .map(AddressGuard::canonical)
                .filter(entry -> !isRange(entry))
                .collect(Collectors.toUnmodifiableSet());
        allowedRanges = allow.stream()
                .map(AddressGuard::canonical)
                .filter(AddressGuard::isRange)
                .map(Cidr::parse)
                .toList();
    }

    /** Whether {@code host}, which resolved to {@code address}, may be called. */
    boolean permits(String host, InetAddress address) {
        return isPublic(address.getAddress()) || isAllowedByOperator(host, address);
    }

    /** Whether the operator listed this host or a range with this address. */
    boolean isAllowedByOperator(String host, InetAddress address) {
        return allowsByName(host) || allowedRanges.stream().anyMatch(range -> range.contains(address.getAddress()));
    }

    boolean allowsByName(String host) {
        return allowedHosts.contains(canonical(host));
    }

    static boolean isPublic(byte[] address) {
        if (address.length == 4) {
            return FORBIDDEN_V4.stream().noneMatch(range -> range.contains(address));
        }
        if (NAT64.contains(address)) {
            return isPublic(Arrays.copyOfRange(address, 12, 16));
        }
        if (SIX_TO_FOUR.contains(address)) {
            return isPublic(Arrays.copyOfRange(address, 2, 6));
        }
        return GLOBAL_UNICAST.contains(address) && FORBIDDEN_V6.stream().noneMatch(range -> range.contains(address));
    }

    private static boolean isRange(String entry) {
        return entry.indexOf('/') >= 0 || Cidr.isLiteral(entry);
    }

    private static String canonical(String host) {
        String name = host.trim().toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static List<Cidr> ranges(String... ranges) {
        return Stream.of(ranges).map(Cidr::parse).toList();
    }
}
