package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.connectors.ResultView.Part;
import dev.claviger.toolsync.api.ToolCalls.InputAsked;
import dev.claviger.toolsync.api.ToolCalls.Outcome;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class ResultViewTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0};

    @Test
    void showsTextAsTextAndStructuredContentAsJson() {
        ResultView view = view("""
                {"content":[{"type":"text","text":"<b>hello</b>"}],"structuredContent":{"a":[1]}}""");
        assertThat(view.parts()).containsExactly(new Part("Text", "<b>hello</b>", null));
        assertThat(JSON.readTree(view.structured())).isEqualTo(JSON.readTree("{\"a\":[1]}"));
        assertThat(view.took()).isEqualTo("12 ms");
    }

    @Test
    void showsASmallPictureOfAHarmlessKind() {
        String data = Base64.getEncoder().encodeToString(PNG);
        assertThat(picture("image/png", data).picture()).isEqualTo("data:image/png;base64," + data);
    }

    @Test
    void showsNothingOfAPictureThatIsNotWhatItSays() {
        String png = Base64.getEncoder().encodeToString(PNG);
        String html = Base64.getEncoder().encodeToString("<svg onload=alert(1)>".getBytes());
        assertThat(picture("image/svg+xml", html).picture()).isNull();
        assertThat(picture("image/png", html).picture()).isNull();
        assertThat(picture("image/jpeg", png).picture()).isNull();
        assertThat(picture("image/png;x=\\\"", png).picture()).isNull();
        assertThat(picture("image/png", "not base64!").picture()).isNull();
        byte[] huge = new byte[1024 * 1024 + 10];
        System.arraycopy(PNG, 0, huge, 0, PNG.length);
        assertThat(picture("image/png", Base64.getEncoder().encodeToString(huge)))
                .satisfies(part -> assertThat(part.picture()).isNull())
                .satisfies(part -> assertThat(part.what()).isEqualTo("Picture, image/png, 1.0 MB"));
    }

    @Test
    void showsOnlyWhatOtherPartsAre() {
        assertThat(view("""
                {"content":[
                  {"type":"audio","mimeType":"audio/wav","data":"AAAA"},
                  {"type":"resource_link","uri":"file:///etc/passwd","name":"n"},
                  {"type":"resource","resource":{"uri":"x:1","text":"hi"}},
                  {"type":"resource","resource":{"uri":"x:2","blob":"AAAA"}},
                  {"type":"odd","a":1},
                  7]}""").parts())
                .extracting(Part::what)
                .containsExactly(
                        "Audio, audio/wav, 3 bytes",
                        "Link to a resource, not opened",
                        "Resource x:1",
                        "Resource x:2, no type, 3 bytes",
                        "Of a kind we do not know",
                        "Of a kind we do not know");
    }

    @Test
    void shortensWhatIsEndless() {
        assertThat(view("{\"content\":[{\"type\":\"text\",\"text\":\"" + "x".repeat(200_000) + "\"}]}")
                        .parts()
                        .get(0)
                        .text())
                .hasSizeLessThan(101_000)
                .endsWith("(the rest is not shown)");
        assertThat(view("{\"content\":[" + "1,".repeat(500) + "1]}").parts())
                .hasSize(101)
                .last()
                .extracting(Part::what)
                .isEqualTo("401 more parts are not shown");
    }

    @ParameterizedTest
    @CsvSource({
        "https://as.example/go?x=1, as.example",
        "http://as.example/go,",
        "javascript:alert(1),",
        "https://bank.example@evil.example/,",
        "data:text/html;base64;AA,",
        "https://,",
        "not a url,"
    })
    void opensOnlySafeAddresses(String url, String host) {
        AskedView view = AskedView.of(List.of(new InputAsked("k", "Go there", null, url)))
                .get(0);
        assertThat(view.host()).isEqualTo(host);
        assertThat(view.url()).isEqualTo(host == null ? null : url);
    }

    private static Part picture(String type, String data) {
        return view("{\"content\":[{\"type\":\"image\",\"mimeType\":\"%s\",\"data\":\"%s\"}]}".formatted(type, data))
                .parts()
                .get(0);
    }

    private static ResultView view(String result) {
        return ResultView.of(
                new Outcome.Completed(false, JSON.readTree(result), List.of(), List.of()), Duration.ofMillis(12));
    }
}
