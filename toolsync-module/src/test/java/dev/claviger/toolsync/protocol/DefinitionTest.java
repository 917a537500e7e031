package dev.claviger.toolsync.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.api.DroppedTool;
import dev.claviger.toolsync.api.Tool;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Which tools are kept, and what is said of the others. */
class DefinitionTest {

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", textBlock = """
                    {"inputSchema":{}}                                 => Tool number 1 => it has no name
                    {"name":" ","inputSchema":{}}                      => Tool number 1 => it has no name
                    {"name":7,"inputSchema":{}}                        => Tool number 1 => it has no name
                    "a"                                                => Tool number 1 => it has no name
                    {"name":"a"}                                       => a => it has no inputSchema
                    {"name":"a","inputSchema":true}                    => a => it has no inputSchema
                    {"name":"a","inputSchema":{"x":"\\u0000"}}         => a => not valid Unicode
                    {"name":"a","inputSchema":{"x":"\\ud800"}}         => a => not valid Unicode
                    {"name":"a","inputSchema":{"\\u0000":1}}           => a => not valid Unicode
                    {"name":"a","inputSchema":{"maximum":1e999}}       => a => number out of range
                    {"name":"a","inputSchema":{"maximum":1e-99999}}    => a => number out of range
                    {"name":"a\\nb","inputSchema":{}}                  => a b => cannot be seen
                    {"name":"a\\u202egpj","inputSchema":{}}            => a gpj => cannot be seen
                    {"name":"a\\u200bb","inputSchema":{}}              => a b => cannot be seen
                    {"name":"a","inputSchema":{"properties":{"p":{"$ref":"https://x.example/s"}}}} => a => refers to "https://x.example/s"
                    {"name":"a","inputSchema":{"allOf":[{"$ref":"other.json#/a"}]}}                => a => schemas from elsewhere are never fetched
                    {"name":"a","inputSchema":{},"outputSchema":{"items":{"$dynamicRef":"file:///etc/passwd"}}} => a => its outputSchema refers to
                    """)
    void dropsTheToolAndSaysWhy(String definition, String name, String reason) {
        ToolListing listing = list("[" + definition + "," + Talk.TOOL.replace("\"a\"", "\"good\"") + "]");
        assertThat(listing.tools()).extracting(Tool::name).containsExactly("good");
        assertThat(listing.dropped()).hasSize(1);
        assertThat(listing.dropped().get(0).name()).isEqualTo(name);
        assertThat(listing.dropped().get(0).reason())
                .contains(reason)
                .startsWith("The tool is left out because ")
                .endsWith("; its developer must mend this");
    }

    @Test
    void keepsTheFirstOfTwoToolsWithTheSameName() {
        ToolListing listing = list("""
                [{"name":"a","description":"1","inputSchema":{}},{"name":"a","description":"2","inputSchema":{}}]""");
        assertThat(listing.tools()).extracting(Tool::description).containsExactly("1");
        assertThat(listing.dropped())
                .extracting(DroppedTool::reason)
                .singleElement()
                .asString()
                .contains("two tools");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$defs\":{\"b\":{\"$anchor\":\"b\"}},\"properties\":{\"p\":{\"$ref\":\"#/$defs/b\"},\"q\":{\"$ref\":\"#b\"}}}",
                "{\"$defs\":{\"b\":{\"$id\":\"https://x.example/b\"}},\"properties\":{\"p\":{\"$ref\":\"https://x.example/b#/x\"}}}",
                "{\"properties\":{\"$ref\":{\"type\":\"string\"},\"x-mcp-header\":{\"type\":\"object\"}}}",
                "{\"properties\":{\"p\":{\"default\":{\"$ref\":\"https://x.example\",\"x-mcp-header\":\"\"},\"enum\":[{\"$ref\":\"y\"}]}}}",
                "{\"$schema\":\"https://unknown.example/dialect\",\"oddKeyword\":{\"$ref\":\"z\"}}"
            })
    void keepsWhatOnlyLooksLikeAReference(String schema) {
        assertThat(list("[{\"name\":\"a\",\"inputSchema\":" + schema + "}]").dropped())
                .isEmpty();
    }

    @Test
    void keepsEveryKeyword() {
        String definition = """
                {"name":"z","inputSchema":{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://a.example/z",\
                "type":"object","$defs":{"a":{"$anchor":"a","type":"object"}},"allOf":[{"anyOf":[{"required":["a"]}]}],\
                "if":{"properties":{"a":{"const":1.10}}},"then":{},"else":false,"additionalProperties":false,\
                "unevaluatedProperties":false,"x-vendor":{"$ref":"https://elsewhere.example"}},"outputSchema":{"type":"array"}}""";
        assertThat(list("[" + definition + "]").tools().get(0).definition().toString())
                .isEqualTo(definition);
    }

    @Test
    void dropsOnlyTheDefinitionThatIsTooDeepOrTooLong() {
        String deep = IntStream.range(0, 200).mapToObj(i -> "{\"not\":").collect(Collectors.joining()) + "{}"
                + "}".repeat(200);
        ToolListing listing = list("""
                [{"name":"deep","inputSchema":%s},{"name":"long","description":"%s","inputSchema":{}},%s]""".formatted(deep, "x".repeat(300_000), Talk.TOOL));
        assertThat(listing.tools()).extracting(Tool::name).containsExactly("a");
        assertThat(listing.dropped())
                .extracting(DroppedTool::reason)
                .satisfiesExactly(
                        reason -> assertThat(reason).contains("nested deeper than 100 levels"),
                        reason -> assertThat(reason).contains("longer than 256 KiB"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"x-s3cr3t-t0ken-of-ours\",\"inputSchema\":{}}",
                "{\"name\":\"x\",\"description\":\"Bearer s3cr3t-t0ken-of-ours\",\"inputSchema\":{\"$ref\":\"y\"}}"
            })
    void keepsNoDefinitionThatRepeatsTheCredential(String definition) {
        ToolListing listing = list("[" + definition + "," + Talk.TOOL.replace("\"a\"", "\"key_tool\"") + "]");
        assertThat(listing.tools()).extracting(Tool::name).containsExactly("key_tool");
        assertThat(listing.dropped())
                .singleElement()
                .satisfies(dropped -> assertThat(dropped.toString())
                        .contains("repeats the credential")
                        .doesNotContain("s3cr3t-t0ken"));
    }

    @Test
    void countsDroppedToolsAsWell() {
        ToolList tools = new ToolList(2, false, List.of());
        JsonNode nothing = read("{}");
        tools.add(nothing);
        tools.add(nothing);
        assertThatExceptionOfType(Untrusted.class)
                .isThrownBy(() -> tools.add(nothing))
                .satisfies(e -> assertThat(e.code()).isEqualTo(FailureCode.LIMIT_EXCEEDED));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", textBlock = """
                    {"properties":{"a":{"type":"string","x-mcp-header":""}}}                        => is no name for a header
                    {"properties":{"a":{"type":"string","x-mcp-header":7}}}                         => "7" is no name for a header
                    {"properties":{"a":{"type":"string","x-mcp-header":"My Region"}}}               => is no name for a header
                    {"properties":{"a":{"type":"string","x-mcp-header":"Region:Primary"}}}          => is no name for a header
                    {"properties":{"a":{"type":"string","x-mcp-header":"Région"}}}                  => is no name for a header
                    {"properties":{"a":{"type":"string","x-mcp-header":"R\\t1"}}}                   => is no name for a header
                    {"properties":{"a":{"type":"number","x-mcp-header":"A"}}}                       => not a string, an integer or a boolean
                    {"properties":{"a":{"type":"object","x-mcp-header":"A"}}}                       => not a string, an integer or a boolean
                    {"properties":{"a":{"type":"null","x-mcp-header":"A"}}}                         => not a string, an integer or a boolean
                    {"properties":{"a":{"type":["string","number"],"x-mcp-header":"A"}}}            => not a string, an integer or a boolean
                    {"properties":{"a":{"x-mcp-header":"A"}}}                                       => not a string, an integer or a boolean
                    {"properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}} => is there twice
                    {"type":"object","x-mcp-header":"A"}                                            => no argument can be found
                    {"properties":{"a":{"type":"array","items":{"type":"string","x-mcp-header":"A"}}}} => no argument can be found
                    {"anyOf":[{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}]}           => no argument can be found
                    {"$defs":{"a":{"type":"string","x-mcp-header":"A"}}}                            => no argument can be found
                    {"if":{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}}                => no argument can be found
                    """)
    void findsWhatIsWrongWithAHeader(String schema, String complaint) {
        assertThat(ParamHeaders.complaint(read(schema))).contains(complaint);
        JsonNode definition = read("{\"name\":\"a\",\"inputSchema\":" + schema + "}");
        assertThat(Definition.complaint(definition, true, List.of())).contains(complaint);
        // To a server with a handshake the keyword means nothing.
        assertThat(Definition.complaint(definition, false, List.of())).isNull();
    }

    @Test
    void mirrorsWhatMayBeLeftOut() {
        JsonNode schema = read("{\"properties\":{\"a\":{\"type\":[\"string\",\"null\"],\"x-mcp-header\":\"A\"}}}");
        assertThat(ParamHeaders.complaint(schema)).isNull();
        assertThat(ParamHeaders.of(schema, read("{\"a\":\"x\"}"))).containsOnlyKeys("Mcp-Param-A");
        assertThat(ParamHeaders.of(schema, read("{\"a\":null}"))).isEmpty();
        assertThat(ParamHeaders.of(schema, read("{\"a\":{\"b\":1}}"))).isEmpty();
        assertThat(ParamHeaders.of(schema, read("{\"a\":1e99999999}"))).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", textBlock = """
                    us-west1            => us-west1
                    us west 1           => us west 1
                    ' padded '          => =?base64?IHBhZGRlZCA=?=
                    Hello, 世界          => =?base64?SGVsbG8sIOS4lueVjA==?=
                    =?base64?literal?=  => =?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=
                    =?base64?open       => =?base64?open
                    """)
    void encodesValues(String text, String value) {
        assertThat(HeaderValue.of(text)).isEqualTo(value);
    }

    @Test
    void encodesLineBreaks() {
        assertThat(HeaderValue.of("line1\nline2")).isEqualTo("=?base64?bGluZTEKbGluZTI=?=");
        assertThat(HeaderValue.of("\tx")).startsWith("=?base64?");
    }

    private static ToolListing list(String tools) {
        return new Pages(
                        Limits.within(Duration.ofSeconds(5)),
                        false,
                        List.of(Secret.of("Bearer s3cr3t-t0ken-of-ours"), Secret.of("key")),
                        params -> read("{\"tools\":" + tools + "}"))
                .all();
    }

    private static JsonNode read(String json) {
        return JsonRpc.read(json.getBytes(StandardCharsets.UTF_8), "a test");
    }
}
