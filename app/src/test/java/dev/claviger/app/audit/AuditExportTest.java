package dev.claviger.app.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditExportTest {

    @ParameterizedTest
    @ValueSource(strings = {"=cmd()", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "|x"})
    void disarmsWhatASpreadsheetWouldRun(String value) {
        assertThat(AuditExport.cell(value)).startsWith("\"'");
    }

    @Test
    void quotesEveryCell() {
        assertThat(AuditExport.cell("say \"hi\", you\nthere")).isEqualTo("\"say \"\"hi\"\", you\nthere\"");
        assertThat(AuditExport.cell(null)).isEqualTo("\"\"");
        assertThat(AuditExport.cell("plain")).isEqualTo("\"plain\"");
    }
}
