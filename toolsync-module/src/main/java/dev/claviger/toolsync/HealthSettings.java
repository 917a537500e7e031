package dev.claviger.toolsync;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** How often credentials are checked, and how gently. */
@Component
class HealthSettings {

    private final Duration first;
    private final Duration interval;
    private final Duration recheck;
    private final Duration heartbeat;
    private final Duration pace;
    private final Duration proofKept;
    private final boolean wrongCredential;

    /**
     * @param first after a connection came about
     * @param recheck after a check that found no good; doubled each time, up to the interval
     * @param heartbeat between two events that say nothing but that all is as it was
     * @param pace between two checks at one server, whichever node makes them
     * @param proofKept how long it is believed that a server's listing proves something, or nothing
     * @param wrongCredential whether a server may be shown a credential that nobody gave out, to see whether it minds
     */
    HealthSettings(
            @Value("${claviger.health.first:PT10S}") Duration first,
            @Value("${claviger.health.interval:PT6H}") Duration interval,
            @Value("${claviger.health.recheck:PT15M}") Duration recheck,
            @Value("${claviger.health.heartbeat:PT24H}") Duration heartbeat,
            @Value("${claviger.health.pace:PT2S}") Duration pace,
            @Value("${claviger.health.proof-kept:P30D}") Duration proofKept,
            @Value("${claviger.health.wrong-credential:true}") boolean wrongCredential) {
        demandPositive("claviger.health.interval", interval);
        demandPositive("claviger.health.recheck", recheck);
        this.first = first;
        this.interval = interval;
        this.recheck = recheck;
        this.heartbeat = heartbeat;
        this.pace = pace;
        this.proofKept = proofKept;
        this.wrongCredential = wrongCredential;
    }

    Duration first() {
        return spread(first);
    }

    /** @param failures checks in a row that found no good, this one included */
    Duration untilNext(int failures) {
        Duration pause = failures == 0 ? interval : recheck.multipliedBy(1L << Math.min(failures - 1, 16));
        return spread(pause.compareTo(interval) < 0 ? pause : interval);
    }

    Duration heartbeat() {
        return heartbeat;
    }

    Duration pace() {
        return pace;
    }

    Duration proofKept() {
        return proofKept;
    }

    boolean wrongCredential() {
        return wrongCredential;
    }

    /** Up to a quarter more, so that what was connected in one morning is not checked in one minute for ever. */
    private static Duration spread(Duration pause) {
        return pause.plusMillis(ThreadLocalRandom.current().nextLong(Math.max(1, pause.toMillis() / 4)));
    }

    private static void demandPositive(String property, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(property + " must be longer than nothing; remove it for the default.");
        }
    }
}
