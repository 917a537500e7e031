package dev.claviger.credentials.outbound;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much of the trace of outside requests stays.
 *
 * @param keep the age at which a request is forgotten
 * @param most of one attempt; the oldest go first
 */
@ConfigurationProperties("claviger.trace")
record TraceSettings(
        @DefaultValue("P30D") Duration keep,
        @DefaultValue("500") int most) {

    TraceSettings {
        if (keep.isNegative() || keep.isZero() || most < 1) {
            throw new IllegalArgumentException("claviger.trace.keep and claviger.trace.most must be above zero");
        }
    }
}
