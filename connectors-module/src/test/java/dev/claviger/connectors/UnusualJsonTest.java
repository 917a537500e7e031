package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class UnusualJsonTest {

    private final JsonMapper json = JsonMapper.builder().findAndAddModules().build();

    @Test
    void namesTheHeadersThatHaveNoValue() {
        assertThat(errors("""
                {"name": "Wiki", "url": "https://wiki.example/mcp", "authType": "none", "customHeaders": {"X-A": null}}
                """)).containsOnlyKeys("customHeaders");
    }

    @Test
    void namesEveryFieldThatIsMissing() {
        assertThat(errors("{}")).containsOnlyKeys("name", "url", "authType");
        assertThat(errors("""
                {"name": null, "url": null, "authType": null, "mode": null, "customHeaders": null, "oauth": null,
                 "token": null}
                """)).containsOnlyKeys("name", "url", "authType");
    }

    @Test
    void refusesTextThatNoDatabaseKeeps() {
        assertThat(errors("""
                {"name": "Wiki\\u0000", "url": "https://wiki.example/\\ud800", "authType": "none"}
                """)).containsOnlyKeys("name", "url");
        assertThat(AgentEntry.of("Scribe\u0000", "\ud800").errors()).containsOnlyKeys("name", "description");
        assertThat(Pager.search("\u0000")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"tools\": null}", "{\"tools\": [null]}", "{\"tools\": [\"\"]}"})
    void asksWhichTools(String body) {
        assertThatThrownBy(() -> json.readValue(body, AgentJson.Tools.class).named())
                .isInstanceOfSatisfying(
                        WrongFields.class, wrong -> assertThat(wrong.errors()).containsOnlyKeys("tools"));
    }

    @Test
    void takesNoToolsForAnAnswer() {
        assertThat(json.readValue("{\"tools\": []}", AgentJson.Tools.class).named())
                .isEqualTo(List.of());
    }

    private Map<String, String> errors(String body) {
        return json.readValue(body, ConnectorJson.Body.class).entry().errors(Fixtures.check());
    }
}
