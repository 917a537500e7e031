package dev.claviger.toolsync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ResultCheckTest {

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", textBlock = """
                    {"type":"object"}                                       => {}           => ''
                    {"type":"object"}                                       => []           => structuredContent is not of type "object"
                    {"type":["object","null"]}                              => null         => ''
                    {"required":["a"]}                                      => {}           => structuredContent lacks "a"
                    {"properties":{"a":{"type":"integer"}}}                 => {"a":1.0}    => ''
                    {"properties":{"a":{"type":"integer"}}}                 => {"a":1.5}    => structuredContent."a" is not of type "integer"
                    {"properties":{"a":{"type":"integer"}}}                 => {"a":12345678901234567890123} => ''
                    {"properties":{"a":{}},"additionalProperties":false}    => {"b":1}      => has "b", which the schema does not allow
                    {"patternProperties":{"b":{}},"additionalProperties":false} => {"b":1}  => ''
                    {"items":{"type":"string"}}                             => ["x",1]      => structuredContent[1] is not of type "string"
                    {"prefixItems":[{}],"items":{"type":"string"}}          => [1,"x"]      => ''
                    {"enum":["x",1]}                                        => 1.0          => ''
                    {"enum":["x",1]}                                        => "y"          => none of the values
                    {"const":"x"}                                           => "y"          => not the value that the schema names
                    {"$defs":{"a":{"type":"string"}},"properties":{"a":{"$ref":"#/$defs/a"}}} => {"a":1} => structuredContent."a" is not of type "string"
                    {"$ref":"#/nowhere"}                                    => 1            => ''
                    {"$ref":"#"}                                            => 1            => ''
                    {"$ref":"https://x.example/s"}                          => 1            => ''
                    {"type":"odd"}                                          => 1            => ''
                    {"required":"a","properties":[],"enum":7}               => {}           => ''
                    {"$schema":"http://json-schema.org/draft-07/schema#","type":"object"} => [] => is not of type
                    {"$schema":"https://odd.example/x","type":"object"}     => []           => a dialect that is not checked: "https://odd.example/x"
                    """)
    void comparesWithWhatTheToolPromises(String schema, String structured, String finding) {
        List<String> findings = findings(schema, "{\"content\":[],\"structuredContent\":" + structured + "}");
        if (finding.isEmpty()) {
            assertThat(findings).isEmpty();
        } else {
            assertThat(findings).singleElement().asString().contains(finding);
        }
    }

    @Test
    void missesWhatIsNotThere() {
        assertThat(findings("{}", "{\"content\":[]}"))
                .singleElement()
                .asString()
                .contains("promises structuredContent");
        assertThat(findings("{}", "{\"isError\":true,\"content\":[]}")).isEmpty();
        assertThat(findings(null, "{}")).containsExactly("The result has no content");
        assertThat(findings(null, "{\"content\":[]}")).isEmpty();
    }

    @Test
    @Timeout(10)
    void isDoneInBoundedTime() {
        String wide =
                "{\"$defs\":{\"n\":{\"properties\":{\"a\":{\"$ref\":\"#/$defs/n\"},\"b\":{\"$ref\":\"#/$defs/n\"}}}},\"$ref\":\"#/$defs/n\"}";
        String value = "{}";
        for (int i = 0; i < 16; i++) {
            value = "{\"a\":" + value + ",\"b\":" + value + "}";
        }
        long start = System.nanoTime();
        assertThat(findings(wide, "{\"content\":[],\"structuredContent\":" + value + "}"))
                .isEmpty();
        assertThat(findings(
                        "{\"items\":{\"type\":\"string\"}}",
                        "{\"content\":[],\"structuredContent\":[" + "1,".repeat(50_000) + "1]}"))
                .hasSize(5);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    private static List<String> findings(String outputSchema, String result) {
        String output = outputSchema == null ? "" : ",\"outputSchema\":" + outputSchema;
        return ResultCheck.findings(
                Talk.tool("{\"name\":\"a\",\"inputSchema\":{}" + output + "}"), read(result), List.of());
    }

    private static JsonNode read(String json) {
        return JsonRpc.read(json.getBytes(StandardCharsets.UTF_8), "a test");
    }
}
