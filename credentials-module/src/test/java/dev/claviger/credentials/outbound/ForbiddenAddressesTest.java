package dev.claviger.credentials.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.claviger.credentials.api.FailureCode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of what may not be called, in every spelling, whoever names it (C59, C60, C61). */
@Timeout(30)
class ForbiddenAddressesTest {

    /** Refused as written: nobody is asked what the name means. */
    static final List<String> WRITTEN = List.of(
            // addresses inside
            "https://169.254.169.254/latest/meta-data/",
            "https://10.0.0.1/",
            "https://10.255.255.254:8443/",
            "https://172.16.0.1/",
            "https://192.168.1.1/",
            "https://127.0.0.1/",
            "https://127.255.255.254/",
            "https://100.64.0.1/",
            "https://0.0.0.0/",
            "https://255.255.255.255/",
            "https://224.0.0.1/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[0:0:0:0:0:ffff:a9fe:a9fe]/",
            "https://[::127.0.0.1]/",
            "https://[::ffff:0:127.0.0.1]/",
            "https://[2002:7f00:1::]/",
            "https://[2002:a9fe:a9fe::1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[64:ff9b::a9fe:a9fe]/",
            "https://[64:ff9b:1::7f00:1]/",
            "https://[64:ff9b:1:ffff::1]/",
            "https://[2001:0:7f00:1::]/",
            "https://[100::1]/",
            "https://[fc00::1]/",
            "https://[fd12:3456:789a::1]/",
            "https://[fe80::1]/",
            "https://[fe80::1%25eth0]/",
            "https://[fe80::1%eth0]/",
            "https://[::1%25lo]/",
            "https://[2606:4700::1111%25eth0]/",
            "https://[ff02::1]/",
            // other ways to write a number
            "https://0177.0.0.1/",
            "https://00127.0.0.1/",
            "https://0127.0.0.1/",
            "https://127.00.00.01/",
            "https://0x7f.1/",
            "https://0x7f.0.0.1/",
            "https://0x7f000001/",
            "https://0X7F000001/",
            "https://127.0.0.0x1/",
            "https://2130706433/",
            "https://2130706433./",
            "https://017700000001/",
            "https://127.1/",
            "https://127.0.1/",
            "https://127.0.0.1./",
            "https://0/",
            "https://0x/",
            "https://256.1.1.1/",
            "https://1.1.1.1.1/",
            "https://4294967297/",
            "https://08.08.08.08/",
            // letters that only look so
            "https://１２７.0.0.1/",
            "https://127。0。0。1/",
            "https://127．0．0．1/",
            "https://①②⑦.0.0.1/",
            "https://ｌｏｃａｌｈｏｓｔ/",
            "https://lоcalhost/",
            "https://еxample.com/",
            // user-info and what hides it
            "https://example.com@127.0.0.1/",
            "https://example.com:443@127.0.0.1/",
            "https://user:pass@example.com/",
            "https://user@8.8.8.8/",
            "https://@example.com/",
            "https://example.com%40127.0.0.1/",
            "https://127.0.0.1%2f@example.com/",
            // ports
            "https://8.8.8.8:0/",
            "https://8.8.8.8:65536/",
            "https://8.8.8.8:99999/",
            "https://8.8.8.8:-1/",
            "https://8.8.8.8:4294967739/",
            // nowhere
            "https://" + "a.".repeat(130) + "example/",
            "https:///path",
            "https://:443/",
            "https://./",
            "https://.example.com/",
            "https://example..com/",
            "https://8.8.8.8//double",
            "https://example.com%00.evil.example/",
            "//example.com/",
            "/relative",
            "",
            // other schemes
            "http://example.com/",
            "http://8.8.8.8/",
            "HTTP://8.8.8.8/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "gopher://127.0.0.1:6379/_INFO",
            "javascript:alert(1)",
            "data:text/html,x",
            "jar:https://8.8.8.8/x!/y",
            "ldap://example.com/",
            "https:example.com");

    /** Not even a URL: no request can be made of it. */
    static final List<String> NO_URLS = List.of(
            "https://example.com\\@127.0.0.1/",
            "https:\\\\127.0.0.1\\",
            "https://exa mple.com/",
            "https://example.com\r\nHost: x/",
            "https://127.0.0.1\t/",
            "https://[::1/",
            "https://[v1.fe80::1]/",
            "https://example.com/%zz",
            "https://<127.0.0.1>/");

    /** What a name may not stand for. */
    static final List<String> MEANT = List.of(
            "169.254.169.254",
            "10.0.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "127.0.0.1",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "::ffff:10.0.0.1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
            "64:ff9b:1::7f00:1",
            "fc00::1",
            "fd00::1",
            "fe80::1",
            "ff02::1");

    private final AtomicInteger asked = new AtomicInteger();
    private final List<GuardedHttpClient> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (GuardedHttpClient client : open) {
            client.close();
        }
    }

    @ParameterizedTest
    @FieldSource("WRITTEN")
    void isRefusedAsWrittenBeforeAnybodyIsAsked(String url) {
        GuardedHttpClient client = client(false, "93.184.216.34");
        refused(() -> client.check(URI.create(url)));
        refused(() -> client.send(OutboundRequest.get(URI.create(url))));
        assertThat(asked).hasValue(0);
    }

    @ParameterizedTest
    @FieldSource("NO_URLS")
    void isNotEvenAUrl(String text) {
        assertThatCode(() -> URI.create(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @FieldSource("MEANT")
    void aNameThatLeadsInsideIsRefused(String address) {
        refused(() -> client(false, address).send(OutboundRequest.get(URI.create("https://example.com/"))));
        assertThat(asked).hasValue(1);
    }

    @ParameterizedTest
    @FieldSource("MEANT")
    void onePrivateAddressAmongPublicOnesCondemnsTheName(String address) {
        refused(() ->
                client(false, "93.184.216.34", address).send(OutboundRequest.get(URI.create("https://example.com/"))));
        refused(() ->
                client(false, address, "93.184.216.34").send(OutboundRequest.get(URI.create("https://example.com/"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST",
                "localhost.",
                "xn--lcalhost-55g",
                "metadata.google.internal",
                "127.0.0.1.nip.io",
                "1e100.net",
                "0xdeadbeef.example"
            })
    void aNameIsJudgedByWhatItMeansNotByHowItLooks(String name) {
        refused(() -> client(false, "127.0.0.1").send(OutboundRequest.get(URI.create("https://" + name + "/"))));
        assertThat(asked).hasValue(1);
    }

    @Test
    void aNameThatIsAllowedIsAllowedForItselfOnly() {
        GuardedHttpClient client = client(true, List.of("intern.example"), "127.0.0.1");
        client.check(URI.create("http://intern.example:1/"));
        refused(() -> client.check(URI.create("http://intern.example.evil.example/")));
        refused(() -> client.send(OutboundRequest.get(URI.create("https://evil.example/"))));
        refused(() -> client.send(OutboundRequest.get(URI.create("https://127.0.0.1/"))));
        refused(() -> client.send(OutboundRequest.get(URI.create("https://xintern.example/"))));
    }

    @Test
    void aRangeThatIsAllowedDoesNotOpenItsNeighbours() {
        GuardedHttpClient client = client(false, List.of("10.1.0.0/16", "fd00:1::/32"), "10.2.0.1");
        client.check(URI.create("https://10.1.255.255/"));
        client.check(URI.create("https://[fd00:1::5]/"));
        refused(() -> client.check(URI.create("https://10.2.0.1/")));
        refused(() -> client.check(URI.create("https://[fd00:2::5]/")));
        refused(() -> client.send(OutboundRequest.get(URI.create("https://ten.example/"))));
        refused(() -> client.check(URI.create("http://10.1.255.255/")));
    }

    @Test
    void plainHttpIsForLoopbackThatIsAllowedAndOnlyWhenSwitchedOn() {
        refused(() -> client(false, List.of("127.0.0.1"), "127.0.0.1").check(URI.create("http://127.0.0.1/")));
        refused(() -> client(true, List.of(), "127.0.0.1").check(URI.create("http://127.0.0.1/")));
        refused(() -> client(true, List.of("8.8.8.8", "10.0.0.0/8"), "8.8.8.8").check(URI.create("http://8.8.8.8/")));
        refused(() -> client(true, List.of("10.0.0.0/8"), "10.0.0.1").check(URI.create("http://10.0.0.1/")));
        client(true, List.of("127.0.0.1"), "127.0.0.1").check(URI.create("http://127.0.0.1/"));
    }

    /** Within one request nobody asks twice; the next request asks, and judges, anew. */
    @Test
    void aNameThatChangesItsMeaningIsJudgedAnewForEveryRequest() throws Exception {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        GuardedHttpClient client =
                client(List.of("127.0.0.0/8"), false, host -> new InetAddress[] {
                    InetAddress.getByName(asked.incrementAndGet() == 1 ? "127.0.0.1" : "169.254.169.254")
                });
        OutboundRequest request = OutboundRequest.get(URI.create("https://rebind.example:" + closedPort + "/"));
        assertThatExceptionOfType(Unreachable.class).isThrownBy(() -> client.send(request));
        assertThat(asked).hasValue(1);
        refused(() -> client.send(request));
        assertThat(asked).hasValue(2);
    }

    private GuardedHttpClient client(boolean allowHttp, String... addresses) {
        return client(allowHttp, List.of(), addresses);
    }

    private GuardedHttpClient client(boolean allowHttp, List<String> allow, String... addresses) {
        return client(allow, allowHttp, host -> {
            asked.incrementAndGet();
            InetAddress[] answer = new InetAddress[addresses.length];
            for (int i = 0; i < addresses.length; i++) {
                answer[i] = InetAddress.getByName(addresses[i]);
            }
            return answer;
        });
    }

    private GuardedHttpClient client(List<String> allow, boolean allowHttp, NameLookup lookup) {
        GuardedHttpClient client = new GuardedHttpClient(new OutboundSettings(allow, allowHttp), lookup);
        open.add(client);
        return client;
    }

    private static void refused(ThrowingCallable call) {
        Untrusted e = catchThrowableOfType(Untrusted.class, call);
        assertThat(e).isNotNull();
        assertThat(e.code()).isEqualTo(FailureCode.UNSAFE_ADDRESS);
    }
}
