package dev.claviger.credentials.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.TraceQuery.ExchangeFact;
import dev.claviger.demoprovider.HostileInput;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever URL or answer comes, judging and writing it down ends soon, and what is written down can be stored. */
@Timeout(120)
class HostileTraceTest {

    private static final int MANY = 1_500;
    private static final String SECRET = "a-secret-nobody-reads";

    private static final String ANSWER = "{\"access_token\":\"" + SECRET + "\",\"scope\":\"a b\",\"error\":{\"code\":1,"
            + "\"message\":\"x\"},\"result\":{\"tools\":[{\"name\":\"x\"}]},\"issuer\":\"https://as.example\","
            + "\"token_endpoint\":\"https://as.example/t?x=1\"}";

    private static final List<String> MEMBERS = List.of(
            "access_token",
            "scope",
            "error",
            "error_description",
            "result",
            "params",
            "issuer",
            "token_endpoint",
            "method",
            "jsonrpc",
            "id",
            "code",
            "message");

    @Test
    void urls() {
        HostileInput.forSeeds(1, MANY, input -> {
            String text = input.perhaps()
                    ? new String(
                            input.damaged("https://user@as.example:8443/path?query#fragment"), StandardCharsets.UTF_8)
                    : "https://" + input.text();
            try {
                URI uri = new URI(text);
                storable(ReceivedFacts.bare(uri));
                Target target = Target.of(uri);
                assertThat(target.host()).hasSizeBetween(1, 253).doesNotContain("@", "/", "%", "\\");
                assertThat(target.port()).isBetween(1, 65_535);
            } catch (URISyntaxException e) {
                assertThat(ReceivedFacts.bare(text)).isEqualTo("(not a URL)");
            } catch (Untrusted e) {
                assertThat(e.getMessage()).hasSizeLessThan(500);
            }
        });
    }

    @Test
    void answers() {
        HostileInput.forSeeds(1, MANY, input -> {
            Facts facts = new Facts();
            OutboundRequest request = OutboundRequest.post(
                            URI.create("https://as.example/t"),
                            input.perhaps() ? "application/json" : "application/x-www-form-urlencoded",
                            new String(
                                    input.damaged("grant_type=x&code=" + SECRET + "&scope=a"), StandardCharsets.UTF_8))
                    .header("Authorization", Secret.of("Bearer " + SECRET));
            Map<String, String> said = SentFacts.note(request, facts);
            byte[] body = input.perhaps() ? input.damaged(ANSWER) : input.json(MEMBERS);
            String type = input.perhaps() ? "application/json" : "text/event-stream";
            ReceivedFacts.note(
                    new OutboundResponse(
                            200,
                            Map.of(
                                    "content-type",
                                    List.of(type, input.text()),
                                    "www-authenticate",
                                    List.of(
                                            new String(
                                                    input.damaged("Bearer error=\"" + SECRET + "\", scope=a"),
                                                    StandardCharsets.ISO_8859_1),
                                            "Bearer realm=\"" + "\\a".repeat(input.number(3_000))),
                                    "location",
                                    List.of(input.text())),
                            new byte[0]),
                    body,
                    said,
                    facts);
            List<ExchangeFact> written = facts.masked(true);
            assertThat(written).hasSizeLessThanOrEqualTo(Facts.MOST);
            assertThat(written.toString()).doesNotContain(SECRET);
            written.forEach(fact -> {
                storable(fact.name());
                storable(String.valueOf(fact.value()));
            });
            storable(Purposes.of(request, said));
        });
    }

    private static void storable(String text) {
        assertThat(text).doesNotContain("\0");
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).isTrue();
    }
}
