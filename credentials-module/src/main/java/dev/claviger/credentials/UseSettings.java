package dev.claviger.credentials;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is kept of the record of uses.
 *
 * @param keep how long a use stays on record; at least a day
 */
@ConfigurationProperties("claviger.uses")
record UseSettings(@DefaultValue("400d") Duration keep) {

    UseSettings {
        if (keep.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException("claviger.uses.keep must be at least 1d");
        }
    }
}
