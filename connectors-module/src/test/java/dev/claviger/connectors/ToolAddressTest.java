package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "search_notes",
                "a.b-c",
                ".",
                "..",
                "a/b",
                "../../etc",
                "a;b",
                "50%",
                "%2e%2e",
                "a b",
                "~x",
                "~",
                "ä",
                "\n",
                "\\",
                "<script>",
                "\u202E",
                "?q=1#x",
                "//evil.example"
            })
    void anyNameFitsIntoOneSegmentAndComesBack(String name) {
        String address = ToolAddress.of(name);
        assertThat(address).matches("~?[A-Za-z0-9_.-]+").doesNotMatch("[.]+");
        assertThat(ToolAddress.name(address)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "~not base64!", "~_w", "~YQ", "with space"})
    void whatIsNoAddressOfOursIsTheNameItself(String segment) {
        assertThat(ToolAddress.name(segment)).isEqualTo(segment);
    }
}
