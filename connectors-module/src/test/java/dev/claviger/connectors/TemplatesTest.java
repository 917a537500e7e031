package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TemplatesTest {

    private static final Path TEMPLATES = Path.of("src/main/resources/templates/connectors");

    private final Mustache.Compiler compiler =
            Mustache.compiler().defaultValue("").emptyStringIsFalse(true).withLoader(TemplatesTest::load);

    @Test
    void everyTemplateCanBeReadWithItsPartials() throws IOException {
        for (String template : templates()) {
            assertThat(compiler.loadTemplate("connectors/" + template).execute(Map.of()))
                    .as(template)
                    .isNotNull();
        }
    }

    @Test
    void noTemplateNeedsInlineScriptOrStyle() throws IOException {
        for (String template : templates()) {
            assertThat(text("connectors/" + template))
                    .as(template)
                    .doesNotContain("<script")
                    .doesNotContain("<style")
                    .doesNotContainPattern("\\sstyle=")
                    .doesNotContainPattern("\\son[a-z]+=");
        }
    }

    @Test
    void everyFormThatChangesSomethingCarriesTheCsrfToken() throws IOException {
        for (String template : templates()) {
            String text = text("connectors/" + template);
            assertThat(text.split("\\{\\{> connectors/csrf}}", -1))
                    .as(template)
                    .hasSameSizeAs(text.split("method=\"post\"", -1));
        }
    }

    @Test
    void theFormKeepsWhatWasTypedButNoSecret() {
        ConnectorForm form = new ConnectorForm(
                "Wiki",
                "https://wiki.example/mcp",
                "bearer",
                "shared",
                null,
                null,
                TypedSecret.valueOf("sEcReT-token"),
                "get_me");
        OAuthForm oauth = Fixtures.oauthForm(Map.of(
                "clientId", "id",
                "clientSecret", "sEcReT-client",
                "privateKey", "sEcReT-key",
                "idpClientSecret", "sEcReT-idp",
                "idpSubjectToken", "sEcReT-subject"));
        Map<String, Object> model = Map.of(
                "form", form,
                "oauth", oauth,
                "uuid", UUID.randomUUID(),
                "errors", Map.of("url", "Enter the URL of the MCP server."),
                "auth", Map.of("bearer", true));
        for (String template : List.of("form", "confirm-edit")) {
            assertThat(compiler.loadTemplate("connectors/" + template).execute(model))
                    .contains("https://wiki.example/mcp")
                    .doesNotContain("sEcReT");
        }
    }

    @Test
    void whatServersSayIsEscaped() {
        ToolLine tool = new ToolLine("<b>x</b>", "~x", "\"><script>", "<img src=x>", List.of(), "{}", false);
        Map<String, Object> model = Map.of("view", Map.of("uuid", "1"), "anyTools", true, "tools", List.of(tool));
        assertThat(compiler.loadTemplate("connectors/connector").execute(model))
                .doesNotContain("<b>x")
                .doesNotContain("<script>")
                .doesNotContain("<img");
    }

    @Test
    void onlyAdminsAreGivenAFormToTryATool() {
        ToolPanel tool = new ToolPanel(
                UUID.randomUUID(),
                "Wiki",
                "~x",
                "<b>x</b>",
                "\"><script>",
                "<img src=x>",
                List.of("<i>claim</i>"),
                false,
                "{\"<u>\":1}",
                null);
        Map<String, Object> model = new HashMap<>(Map.of("tool", tool, "callable", true, "json", "{}"));
        String auditors = compiler.loadTemplate("connectors/tool").execute(model);
        assertThat(auditors)
                .contains("&lt;b&gt;x")
                .doesNotContain("<form", "<b>x", "<script>", "<img", "<i>claim", "<u>");
        model.put("admin", true);
        assertThat(compiler.loadTemplate("connectors/tool").execute(model)).contains("<form");
    }

    private static List<String> templates() throws IOException {
        try (Stream<Path> files = Files.list(TEMPLATES)) {
            return files.map(file -> file.getFileName().toString().replace(".mustache", ""))
                    .toList();
        }
    }

    private static Reader load(String name) {
        return new StringReader(name.startsWith("layout/") ? "" : text(name));
    }

    private static String text(String name) {
        try (InputStream in = TemplatesTest.class.getResourceAsStream("/templates/" + name + ".mustache")) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
