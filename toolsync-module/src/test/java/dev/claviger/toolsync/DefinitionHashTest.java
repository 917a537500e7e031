package dev.claviger.toolsync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class DefinitionHashTest {

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", textBlock = """
                    {"a":1,"b":{"c":2,"d":3}}  => {"b":{"d":3,"c":2},"a":1}
                    {"a":1}                    => {"a":1.0}
                    {"a":100}                  => {"a":1e2}
                    {"a":-0.0}                 => {"a":0}
                    {"a":"é"}                  => {"a":"\\u00e9"}
                    """)
    void staysTheSame(String one, String other) {
        assertThat(hash(one)).isEqualTo(hash(other)).hasSize(64);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", textBlock = """
                    {"a":1}        => {"a":2}
                    {"a":1}        => {"a":"1"}
                    {"a":[1,2]}    => {"a":[2,1]}
                    {"a":null}     => {}
                    {"a":true}     => {"a":"true"}
                    {"a":{"b":1}}  => {"a":1,"b":1}
                    """)
    void changesWithTheMeaning(String one, String other) {
        assertThat(hash(one)).isNotEqualTo(hash(other));
    }

    @Test
    void isTheOneThatIsStored() {
        assertThat(hash("{\"b\":1,\"a\":\"x\"}"))
                .isEqualTo("fe605e64d2e9767beb6bf1c9790f498a9f0bedf8be565d810f4fdc5bb327aa59");
    }

    private static String hash(String json) {
        return DefinitionHash.of(new JsonMapper().readTree(json));
    }
}
