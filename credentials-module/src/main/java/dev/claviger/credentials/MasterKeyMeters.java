package dev.claviger.credentials;

import dev.claviger.credentials.MasterKeys.MasterKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Shows of each master key whether it can be used, and for how long if its service falls silent. */
@Component
class MasterKeyMeters implements MeterBinder {

    private final MasterKeys masterKeys;
    private final Clock clock;

    MasterKeyMeters(MasterKeys masterKeys, Clock clock) {
        this.masterKeys = masterKeys;
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (MasterKey key : masterKeys.all()) {
            Gauge.builder(
                            "claviger.vault.key.usable",
                            key,
                            known -> masterKeys.stateOf(known).usable() ? 1 : 0)
                    .description("1: secrets under this master key can be opened and sealed")
                    .tag("key", key.id())
                    .strongReference(true)
                    .register(registry);
            TimeGauge.builder("claviger.vault.key.left", key, TimeUnit.SECONDS, this::secondsLeft)
                    .description("How long it can be used if its service falls silent; NaN for a local key")
                    .tag("key", key.id())
                    .strongReference(true)
                    .register(registry);
        }
    }

    private double secondsLeft(MasterKey key) {
        MasterKeys.State state = masterKeys.stateOf(key);
        Instant until = state.usableUntil();
        if (until == null) {
            return state.usable() ? Double.NaN : 0;
        }
        return Duration.between(clock.instant(), until).toSeconds();
    }
}
