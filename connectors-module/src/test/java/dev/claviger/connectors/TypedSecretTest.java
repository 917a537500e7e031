package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.Secret;
import org.junit.jupiter.api.Test;
import org.springframework.core.convert.support.DefaultConversionService;
import tools.jackson.databind.json.JsonMapper;

class TypedSecretTest {

    private static final String MARK = "sEcReT-mark";

    @Test
    void isReadFromJsonAndPrintsNowhere() {
        ConnectorJson.Body body =
                JsonMapper.builder().build().readValue("""
                        {"name":"Wiki","authType":"bearer","token":"%s","oauth":{"clientSecret":"%s"}}
                        """.formatted(MARK, MARK), ConnectorJson.Body.class);
        assertThat(body.entry().token().secret()).isEqualTo(Secret.of(MARK));
        assertThat(body.entry().oauth().clientSecret().secret()).isEqualTo(Secret.of(MARK));
        assertThat(body.toString() + body.entry()).doesNotContain(MARK);
    }

    @Test
    void isReadFromForms() {
        assertThat(DefaultConversionService.getSharedInstance().convert(MARK, TypedSecret.class))
                .extracting(TypedSecret::secret)
                .isEqualTo(Secret.of(MARK));
    }

    @Test
    void leavesOutBlanksAround() {
        assertThat(TypedSecret.valueOf(" " + MARK + "\n").secret()).isEqualTo(Secret.of(MARK));
    }

    @Test
    void isBlankWhenNothingWasTyped() {
        assertThat(TypedSecret.valueOf("  ").isBlank()).isTrue();
        assertThat(TypedSecret.orBlank(null).isBlank()).isTrue();
    }

    @Test
    void saysWhatIsWrongInsteadOfThrowing() {
        assertThat(TypedSecret.valueOf("a\nb").trouble()).contains("copy it again");
        assertThat(TypedSecret.valueOf("schlüssel").secret()).isNull();
        assertThat(TypedSecret.valueOf("x".repeat(9_000)).trouble()).contains("longer");
    }

    @Test
    void noticesThePastedWordBearerOnlyWhereItWouldDouble() {
        TypedSecret pasted = TypedSecret.valueOf("Bearer abc");
        assertThat(pasted.troubleAsToken(true)).contains("Leave out the word Bearer");
        assertThat(pasted.troubleAsToken(false)).isNull();
    }
}
