package dev.claviger.credentials.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.5",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.1",
                "239.1.1.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd12:3456::1",
                "ff02::1",
                "2001::1",
                "2001:db8::1",
                "3fff::1",
                "100::1",
                "64:ff9b::7f00:1",
                "64:ff9b::a00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::808:808",
                "2002:7f00:1::1",
                "2002:a9fe:a9fe::",
                "2002:c0a8:101::1",
                "5f00::1"
            })
    void refusesWhatIsNotPublic(String address) throws Exception {
        assertThat(new AddressGuard(List.of()).permits("example.com", InetAddress.getByName(address)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "100.63.255.255",
                "100.128.0.1",
                "172.15.255.255",
                "172.32.0.1",
                "192.0.1.1",
                "198.17.255.255",
                "198.20.0.1",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450::1",
                "64:ff9b::808:808",
                "2002:808:808::1"
            })
    void permitsPublicAddresses(String address) throws Exception {
        assertThat(new AddressGuard(List.of()).permits("example.com", InetAddress.getByName(address)))
                .isTrue();
    }

    @Test
    void mappedAddressesAreRefusedAsBytesToo() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xFF;
        System.arraycopy(InetAddress.getByName("10.0.0.1").getAddress(), 0, mapped, 12, 4);
        assertThat(AddressGuard.isPublic(mapped)).isFalse();
    }

    @Test
    void theOperatorMayAllowByNameAndByRange() throws Exception {
        AddressGuard guard = new AddressGuard(List.of("Mcp.Intern.", "10.1.0.0/16", "fd00::/8", "192.168.7.7"));
        assertThat(guard.permits("mcp.intern", InetAddress.getByName("172.16.0.1")))
                .isTrue();
        assertThat(guard.permits("other", InetAddress.getByName("172.16.0.1"))).isFalse();
        assertThat(guard.permits("other", InetAddress.getByName("10.1.200.1"))).isTrue();
        assertThat(guard.permits("other", InetAddress.getByName("10.2.0.1"))).isFalse();
        assertThat(guard.permits("other", InetAddress.getByName("fd00::7"))).isTrue();
        assertThat(guard.permits("other", InetAddress.getByName("192.168.7.7"))).isTrue();
        assertThat(guard.permits("other", InetAddress.getByName("192.168.7.8"))).isFalse();
    }

    @Test
    void aMistypedRangeIsToldAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AddressGuard(List.of("10.0.0.0/99")))
                .withMessageContaining("10.0.0.0/99");
        assertThatIllegalArgumentException().isThrownBy(() -> new AddressGuard(List.of("intern/8")));
    }
}
