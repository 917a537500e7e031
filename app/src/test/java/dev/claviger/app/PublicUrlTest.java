package dev.claviger.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicUrlTest {

    @Test
    void takesAHostAndAPort() {
        assertThat(PublicUrl.check("https://claviger.example.com", "8080").isSecure())
                .isTrue();
        assertThat(PublicUrl.check("http://localhost:8080", "8080").isSecure()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "claviger.example.com",
                "ftp://claviger.example.com",
                "https://claviger.example.com/",
                "https://claviger.example.com/path",
                "https://claviger.example.com?query",
                "https://claviger.example.com#fragment",
                "https://somebody@claviger.example.com",
                "https://",
                "not a url"
            })
    void saysHowToWriteItProperly(String url) {
        assertThatThrownBy(() -> PublicUrl.check(url, "8080")).hasMessageContaining("claviger.public-url");
    }
}
