package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class HelpTextsTest {

    private final HelpTexts help = new HelpTexts();

    @Test
    void explainsEveryFailureCodeWithACauseAndAFix() {
        for (FailureCode code : FailureCode.values()) {
            HelpTexts.Help text = help.of(code);
            assertThat(text.code()).isEqualTo(code.code());
            assertThat(text.title()).isNotBlank().doesNotEndWith(".");
            assertThat(Set.of(text.happened(), text.cause(), text.fix()))
                    .as(code.name())
                    .hasSize(3)
                    .allMatch(sentence -> sentence.endsWith("."));
        }
    }

    @Test
    void titlesTellCodesApart() {
        assertThat(help.search(null).stream()
                        .flatMap(group -> group.codes().stream())
                        .map(HelpTexts.Help::title)
                        .collect(Collectors.toSet()))
                .hasSize(FailureCode.values().length);
    }

    @Test
    void findsCodesByNumberAndByWords() {
        assertThat(found("clv-113")).containsExactly("CLV-113");
        assertThat(found("redirect  URI allowed")).contains("CLV-113").doesNotContain("CLV-206");
        assertThat(found("<script>")).isEmpty();
        assertThat(help.search("tool call unknown").get(0).title()).isEqualTo("Tools");
    }

    private List<String> found(String search) {
        return help.search(search).stream()
                .flatMap(group -> group.codes().stream())
                .map(HelpTexts.Help::code)
                .toList();
    }

    @Test
    void putsTheFactsOfTheCaseBesideTheExplanation() {
        HelpTexts.Trouble trouble = help.trouble(new Failure(FailureCode.CONSENT_DENIED, "Declined at as.example."));
        assertThat(trouble).isNotNull();
        assertThat(trouble.code()).isEqualTo("CLV-121");
        assertThat(trouble.detail()).isEqualTo("Declined at as.example.");
    }
}
