package dev.claviger.app.layout;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.MasterKeyStatus;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Says on every page, and to whoever asks for the health, which master key's service does not answer. */
@Component("masterKey")
class MasterKeyWatch implements Banner, HealthIndicator {

    private final MasterKeyStatus keys;

    MasterKeyWatch(MasterKeyStatus keys) {
        this.keys = keys;
    }

    @Override
    public Optional<String> text() {
        List<String> troubles = keys.troubles();
        return troubles.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(" ", troubles) + " (" + FailureCode.MASTER_KEY_UNAVAILABLE.code() + ")");
    }

    /** Down is only who can seal nothing. */
    @Override
    public Health health() {
        Health.Builder health = keys.usable() ? Health.up() : Health.down();
        List<String> troubles = keys.troubles();
        return troubles.isEmpty()
                ? health.build()
                : health.withDetail("troubles", troubles).build();
    }
}
