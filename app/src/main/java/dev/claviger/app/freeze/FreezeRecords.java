package dev.claviger.app.freeze;

import dev.claviger.credentials.api.FreezeEvent.Frozen;
import dev.claviger.credentials.api.FreezeEvent.Thawed;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
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
    void on(Frozen event) {
        int first = jdbc.sql(
                        "insert into app.freeze (freeze_id, subject, reason) values (?, ?, ?) on conflict do nothing")
                .params(event.freezeId().value(), event.subject(), event.reason())
                .update();
        if (first == 1) {
            jdbc.sql("""
                            insert into app.freeze_node (freeze_id, node)
                            select ?, id from app.node where seen_at > now() - interval '10 seconds'""").param(event.freezeId().value()).update();
        }
        tell();
    }

    @EventHandler
    void on(Thawed event) {
        jdbc.sql("""
                        update app.freeze set thawed_at = clock_timestamp(), thaw_reason = ?
                         where freeze_id = ? and thawed_at is null""").params(event.reason(), event.freezeId().value()).update();
        tell();
    }

    private void tell() {
        jdbc.sql("select pg_notify(?, '')").param(CHANNEL).query().listOfRows();
    }
}
