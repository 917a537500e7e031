package dev.claviger.app.freeze;

import dev.claviger.credentials.api.FreezeEvent.Frozen;
import dev.claviger.credentials.api.FreezeEvent.Thawed;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes down who has to acknowledge a freeze, in its transaction, and tells all processes when that has committed. */
@Component
@ProcessingGroup("app-freeze-state")
class FreezeRecords {

    /** PostgreSQL tells it to those who listen when the transaction commits. */
    static final String CHANNEL = "claviger_freezes";

    private final JdbcClient jdbc;

    FreezeRecords(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Who beats no more has nothing in hand; who begins later finds the freeze. */
    @EventHandler
    void on(Frozen event, @MetaDataValue("actor") @Nullable String actor) {
        int first = jdbc.sql("""
                        insert into app.freeze (freeze_id, subject, reason, frozen_by)
                        values (:id, :subject, :reason, :actor) on conflict do nothing""")
                .param("id", event.freezeId().value())
                .param("subject", event.subject())
                .param("reason", event.reason())
                .param("actor", actor)
                .update();
        if (first == 1) {
            jdbc.sql("""
                            insert into app.freeze_node (freeze_id, node)
                            select ?, id from app.node where seen_at > now() - interval '10 seconds'""").param(event.freezeId().value()).update();
        }
        tell();
    }

    @EventHandler
    void on(Thawed event, @MetaDataValue("actor") @Nullable String actor) {
        jdbc.sql("""
                        update app.freeze set thawed_at = clock_timestamp(), thaw_reason = :reason, thawed_by = :actor
                         where freeze_id = :id and thawed_at is null""")
                .param("reason", event.reason())
                .param("actor", actor)
                .param("id", event.freezeId().value())
                .update();
        tell();
    }

    private void tell() {
        jdbc.sql("select pg_notify(?, '')").param(CHANNEL).query().listOfRows();
    }
}
