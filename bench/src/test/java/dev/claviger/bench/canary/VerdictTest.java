package dev.claviger.bench.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.bench.canary.Sweep.Area;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final String SECRET = "sEcReTnUmBeR1";
    private static final String DECOY = "dEcOy0123456789";
    private static final List<String> TABLES = Collections.nCopies(60, "a.table");

    private final Sweep sweep = new Sweep(needles());

    @Test
    void passesWhenTheDecoyWasFoundEverywhereAndNoSecretAnywhere() {
        for (Area area : Area.values()) {
            lookAtEnough(area);
        }

        assertThat(Verdict.of(sweep, TABLES).passed()).isTrue();
    }

    @Test
    void failsForASecretAndSaysWhereWithoutSayingIt() {
        for (Area area : Area.values()) {
            lookAtEnough(area);
        }
        sweep.look(Area.PAGES, "/connectors", "<p>" + SECRET + "</p>");

        Verdict verdict = Verdict.of(sweep, TABLES);

        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.lines()).contains("LEAK    a token: /connectors").noneMatch(line -> line.contains(SECRET));
    }

    @Test
    void failsWhereTheDecoyWasNotFound() {
        for (Area area : Area.values()) {
            if (area != Area.LOG) {
                lookAtEnough(area);
            }
        }
        fill(Area.LOG);

        assertThat(Verdict.of(sweep, TABLES).doubts())
                .containsExactly("the application's log: the decoy was not found");
    }

    @Test
    void failsWhenItSawTooLittle() {
        for (Area area : Area.values()) {
            if (area != Area.PAGES) {
                lookAtEnough(area);
            }
        }
        sweep.look(Area.PAGES, "/", DECOY);

        assertThat(Verdict.of(sweep, TABLES).doubts())
                .singleElement()
                .asString()
                .startsWith("pages: expected");
        assertThat(Verdict.of(sweep, List.of("a.table")).doubts()).contains("expected at least 50 tables, saw 1");
    }

    private void lookAtEnough(Area area) {
        byte[] decoy = DECOY.getBytes(StandardCharsets.UTF_8);
        if (area == Area.ROWS) {
            sweep.lookAlso(area, "canary.decoy.as_bytes", decoy);
            sweep.lookAlso(area, "canary.decoy.as_base64", decoy);
            sweep.lookAlso(area, "app.domain_event.payload", decoy);
        }
        sweep.look(area, "somewhere", decoy);
        fill(area);
    }

    private void fill(Area area) {
        for (long pieces = 0; pieces < area.leastPieces(); pieces++) {
            sweep.count(area, area.leastBytes());
        }
    }

    private static Needles needles() {
        Needles needles = new Needles();
        needles.add("a token", SECRET);
        needles.add(Planted.DECOY, DECOY);
        return needles;
    }
}
