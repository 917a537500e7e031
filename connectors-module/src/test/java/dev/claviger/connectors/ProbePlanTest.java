package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.connectors.ProbePlan.Next;
import dev.claviger.connectors.api.ReceiptQuery.ReceiptOutcome;
import dev.claviger.toolsync.api.ToolCatalogEvent.ProbeVerdict;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProbePlanTest {

    private static final Instant REVOKED = Instant.parse("2026-11-23T10:00:00Z");

    private final ProbePlan plan = new ProbePlan(Duration.ofDays(7));

    @Test
    void isContentWithARefusal() {
        assertThat(after(ProbeVerdict.REFUSED, Duration.ZERO, null, true))
                .isEqualTo(new Next(ReceiptOutcome.DONE, "Said.", null));
    }

    @Test
    void asksAgainAfterAsLongAgainAsItHasBeen() {
        assertThat(after(ProbeVerdict.ACCEPTED, Duration.ZERO, null, true).again())
                .isEqualTo(REVOKED.plusSeconds(30));
        assertThat(after(ProbeVerdict.ACCEPTED, Duration.ofHours(3), null, true).again())
                .isEqualTo(REVOKED.plus(Duration.ofHours(6)));
        assertThat(after(ProbeVerdict.UNCLEAR, Duration.ofDays(3), null, true).again())
                .isEqualTo(REVOKED.plus(Duration.ofHours(84)));
    }

    @Test
    void asksAgainSoonAfterTheTokensOwnEnd() {
        Instant expiry = REVOKED.plus(Duration.ofMinutes(50));

        Next next = after(ProbeVerdict.ACCEPTED, Duration.ofMinutes(30), expiry, true);

        assertThat(next.again()).isEqualTo(expiry.plusSeconds(60));
        assertThat(next.detail()).contains("Still accepted until 2026-11-23 10:50:00 UTC at the latest");
    }

    @Test
    void asksForTheLastTimeWhenTheWindowCloses() {
        assertThat(after(ProbeVerdict.ACCEPTED, Duration.ofHours(160), null, true)
                        .again())
                .isEqualTo(REVOKED.plus(Duration.ofDays(7)));

        Next last = after(ProbeVerdict.ACCEPTED, Duration.ofDays(7), null, true);

        assertThat(last.again()).isNull();
        assertThat(last.outcome()).isEqualTo(ReceiptOutcome.GIVEN_UP);
        assertThat(last.detail()).contains("see to it at the provider");
    }

    /** What nobody was told cannot come to be known, so the secrets are not kept for that. */
    @Test
    void asksOnceWhereNobodyCouldBeTold() {
        Next only = after(ProbeVerdict.ACCEPTED, Duration.ZERO, REVOKED.plusSeconds(3600), false);

        assertThat(only.again()).isNull();
        assertThat(only.outcome()).isEqualTo(ReceiptOutcome.GIVEN_UP);
        assertThat(only.detail()).contains("Still accepted until 2026-11-23 11:00:00 UTC at the latest");
    }

    private Next after(ProbeVerdict verdict, Duration since, @Nullable Instant expiresAt, boolean told) {
        return plan.after(verdict, "Said.", REVOKED, REVOKED.plus(since), expiresAt, told);
    }
}
