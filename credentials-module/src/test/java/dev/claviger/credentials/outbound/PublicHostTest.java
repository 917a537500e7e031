package dev.claviger.credentials.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicHostTest {

    @ParameterizedTest
    @CsvSource({
        "claviger.acme.com, true",
        "claviger.acme.com., true",
        "8.8.8.8, true",
        "[2606:4700::1111], true",
        "claviger, false",
        "localhost, false",
        "app.LOCALHOST, false",
        "nas.local, false",
        "vault.corp.internal, false",
        "10.0.0.1, false",
        "[::1], false",
        "[fd00::1], false"
    })
    void tellsWhoCanBeMeantForEverybody(String host, boolean conceivable) {
        assertThat(PublicHost.isConceivable(host)).isEqualTo(conceivable);
    }
}
