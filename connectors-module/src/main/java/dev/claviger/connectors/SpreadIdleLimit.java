package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.credentials.outbound.Effect;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Has what an admin entered about idle refresh tokens count for all that is connected. */
@Component
class SpreadIdleLimit extends Effect<SpreadIdleLimit.Data> {

    record Data(ConnectorId connectorId) {}

    private static final Logger log = LoggerFactory.getLogger(SpreadIdleLimit.class);

    private final IdleLimits limits;

    SpreadIdleLimit(IdleLimits limits) {
        super("connectors.spread-idle-limit", Data.class, 20, Duration.ofSeconds(2));
        this.limits = limits;
    }

    /** Looks again at the end: who edits meanwhile has a job of its own, which may have been quicker. */
    @Override
    protected void perform(Data data) {
        Integer told;
        do {
            told = limits.entered(data.connectorId());
            limits.tell(limits.live(data.connectorId()), told);
        } while (!Objects.equals(told, limits.entered(data.connectorId())));
    }

    @Override
    protected void giveUp(Data data, RuntimeException cause) {
        log.error(
                "Some credentials of {} do not know after how many idle days they die; save its settings again",
                data.connectorId(),
                cause);
    }
}
