package dev.claviger.app.security;

import java.util.Arrays;
import java.util.List;

/** What counts as one address: an IPv4 address, or the half of an IPv6 address that a provider hands out as one network. */
final class ClientAddress {

    private static final int GROUPS_OF_A_NETWORK = 4;

    private ClientAddress() {}

    /** @param address in text as the servlet container gives it */
    static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        String bare = address.split("%", 2)[0];
        int gap = bare.indexOf("::");
        List<String> groups = gap < 0
                ? Arrays.asList(bare.split(":"))
                : Arrays.asList((bare.substring(0, gap) + ":0:0:0:0")
                        .replaceFirst("^:", "")
                        .split(":"));
        return String.join(":", groups.subList(0, Math.min(GROUPS_OF_A_NETWORK, groups.size()))) + "::/64";
    }
}
