package dev.claviger.connectors;

import dev.claviger.credentials.api.Failure;
import dev.claviger.toolsync.api.HealthEvent.HealthChanged;
import dev.claviger.toolsync.api.HealthEvent.HealthWatchEnded;
import dev.claviger.toolsync.api.HealthEvent.HealthWatched;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Keeps how the credential of each connection was found at its last check; a row says that it is watched. */
@Component
@ProcessingGroup("connectors-state")
class HealthRows {

    private final JdbcClient jdbc;

    HealthRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(HealthWatched event) {
        jdbc.sql("insert into connectors.health (connection_id) values (:id) on conflict do nothing")
                .param("id", event.healthId().value())
                .update();
    }

    @EventHandler
    void on(HealthChanged event, @Timestamp Instant at) {
        Failure cause = event.cause();
        jdbc.sql("""
                        update connectors.health
                           set state = :state, since = :since, failure_code = :code, failure_detail = :detail
                         where connection_id = :id
                        """)
                .param("id", event.healthId().value())
                .param("state", event.state().name())
                .param("since", Stamps.in(at))
                .param("code", cause == null ? null : cause.code().code())
                .param("detail", cause == null ? null : cause.detail())
                .update();
    }

    @EventHandler
    void on(HealthWatchEnded event) {
        jdbc.sql("delete from connectors.health where connection_id = :id")
                .param("id", event.healthId().value())
                .update();
    }
}
