package dev.claviger.toolsync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SchemaDefaultsTest {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void answersWithEveryDefaultThatFits() {
        assertThat(defaults("""
                {"type":"object","properties":{
                  "name":{"type":"string","default":"Ada"},
                  "age":{"type":"integer","default":30},
                  "score":{"type":"number","default":95.5},
                  "ok":{"type":"boolean","default":true},
                  "status":{"type":"string","enum":["on","off"],"default":"off"},
                  "titled":{"type":"string","oneOf":[{"const":"a","title":"A"}],"default":"a"},
                  "several":{"type":"array","items":{"type":"string","enum":["x","y"]},"default":["y"]},
                  "titledSeveral":{"type":"array","items":{"anyOf":[{"const":"x","title":"X"}]},"default":["x"]},
                  "open":{"type":"string"}},
                 "required":["name","several"]}
                """)).isEqualTo("""
                {"name":"Ada","age":30,"score":95.5,"ok":true,"status":"off","titled":"a","several":["y"],"titledSeveral":["x"]}""");
    }

    @Test
    void leavesOutDefaultsThatDoNotFit() {
        assertThat(defaults("""
                {"type":"object","properties":{
                  "name":{"type":"string","default":7},
                  "age":{"type":"integer","default":30.5},
                  "ok":{"type":"boolean","default":"true"},
                  "status":{"type":"string","enum":["on","off"],"default":"maybe"},
                  "several":{"type":"array","items":{"enum":["x"]},"default":["x","y"]},
                  "odd":{"type":"object","default":{}}}}
                """)).isEqualTo("{}");
    }

    @Test
    void hasNoAnswerWhereARequiredFieldHasNoDefault() {
        assertThat(defaults("""
                {"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}
                """)).isEqualTo("null");
        assertThat(defaults("{\"required\":[\"unknown\"]}")).isEqualTo("null");
        assertThat(defaults("{}")).isEqualTo("{}");
    }

    private static String defaults(String schema) {
        return String.valueOf(SchemaDefaults.of(JSON.readTree(schema)));
    }
}
