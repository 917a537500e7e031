package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.connectors.SchemaForm.Line;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SchemaFormTest {

    private static final JsonMapper JSON = new JsonMapper();

    private static final String SCHEMA = """
            {"type":"object","properties":{
              "query":{"type":"string","maxLength":100,"description":"Words"},
              "text":{"type":["string","null"]},
              "limit":{"type":"integer","default":10},
              "share":{"type":"number"},
              "loud":{"type":"boolean"},
              "unit":{"type":"string","enum":["celsius","fahrenheit"],"default":"celsius"},
              "level":{"oneOf":[{"const":1,"title":"Low"},{"const":2,"title":"High"}]},
              "place":{"$ref":"#/$defs/place"},
              "far":{"$ref":"https://evil.example/schema"},
              "days":{"type":"array","items":{"type":"string"}}},
             "required":["query","days"],
             "$defs":{"place":{"type":"string","format":"uri"}}}
            """;

    private final SchemaForm form = new SchemaForm("arg", JSON.readTree(SCHEMA));

    @Test
    void makesAFieldOfEachProperty() {
        assertThat(form.fits()).isTrue();
        Map<String, Line> lines = lines();
        assertThat(lines.get("query").line()).isTrue();
        assertThat(lines.get("query").required()).isTrue();
        assertThat(lines.get("query").description()).isEqualTo("Words");
        assertThat(lines.get("text").area()).isTrue();
        assertThat(lines.get("text").json()).isFalse();
        assertThat(lines.get("limit").number()).isTrue();
        assertThat(lines.get("limit").value()).isEqualTo("10");
        assertThat(lines.get("loud").choices()).extracting("label").containsExactly("yes", "no");
        assertThat(lines.get("unit").choices()).extracting("chosen").containsExactly(true, false);
        assertThat(lines.get("level").choices()).extracting("label").containsExactly("Low (1)", "High (2)");
        assertThat(lines.get("place").line()).isTrue();
        assertThat(lines.get("far").json()).isTrue();
        assertThat(lines.get("days").json()).isTrue();
        assertThat(lines.get("days").schema()).contains("items");
    }

    @Test
    void readsWhatWasTypedByTheTypesOfTheSchema() {
        Map<String, String> typed = new HashMap<>(Map.of(
                "arg.query", "apple cake",
                "arg.text", "two\r\nlines",
                "arg.limit", "12345678901234567890",
                "arg.share", "-0.5e3",
                "arg.loud", "false",
                "arg.unit", "\"fahrenheit\"",
                "arg.level", "2",
                "arg.days", "[\"mo\"]",
                "arg.place", ""));
        SchemaForm.Read read = form.read(typed::get);
        assertThat(read.errors()).isEmpty();
        assertThat(JSON.readTree(read.object().toString())).isEqualTo(JSON.readTree("""
                {"query":"apple cake","text":"two\\nlines","limit":12345678901234567890,"share":-0.5e3,"loud":false,
                 "unit":"fahrenheit","level":2,"days":["mo"]}"""));
    }

    @Test
    void saysOneSentenceForEachFieldThatCannotStaySo() {
        Map<String, String> typed = new HashMap<>(Map.of(
                "arg.limit", "1.5",
                "arg.share", "1,5",
                "arg.unit", "kelvin",
                "arg.days", "[1,",
                "arg.far", "1 2"));
        SchemaForm.Read read = form.read(typed::get);
        assertThat(read.errors().keySet())
                .containsExactlyInAnyOrder("arg.query", "arg.limit", "arg.share", "arg.unit", "arg.days", "arg.far");
        assertThat(read.errors().get("arg.days")).contains("line 1").doesNotContain("[1");
        assertThat(read.object()).isEmpty();
        assertThat(form.typed(typed::get, read.errors()))
                .filteredOn(line -> line.name().equals("limit"))
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.value()).isEqualTo("1.5");
                    assertThat(line.error()).isEqualTo("Enter a whole number.");
                });
    }

    @Test
    void showsWhatWasSentAsItWasSent() {
        ObjectNode sent = (ObjectNode) JSON.readTree("{\"query\":\"a\",\"unit\":\"fahrenheit\",\"days\":[1]}");
        Map<String, String> values = new HashMap<>();
        form.filled(sent).forEach(line -> values.put(line.parameter(), line.value()));
        assertThat(form.read(values::get).object()).isEqualTo(sent);
    }

    @Test
    void leavesSchemasThatAreNoFormToJson() {
        StringBuilder many = new StringBuilder("{\"properties\":{");
        for (int i = 0; i < 61; i++) {
            many.append(i == 0 ? "" : ",").append("\"p").append(i).append("\":{}");
        }
        assertThat(new SchemaForm("arg", JSON.readTree(many + "}}")).fits()).isFalse();
        assertThat(new SchemaForm("arg", JSON.readTree("{\"properties\":[]}")).fits())
                .isFalse();
        assertThat(new SchemaForm("arg", JSON.readTree("{}")).blank()).isEmpty();
    }

    @Test
    void endlessReferencesEnd() {
        SchemaForm endless = new SchemaForm(
                "arg", JSON.readTree("{\"properties\":{\"a\":{\"$ref\":\"#/properties/a\"}},\"$defs\":true}"));
        assertThat(endless.blank()).singleElement().matches(Line::json);
    }

    private Map<String, Line> lines() {
        Map<String, Line> lines = new HashMap<>();
        form.blank().forEach(line -> lines.put(line.name(), line));
        return lines;
    }
}
