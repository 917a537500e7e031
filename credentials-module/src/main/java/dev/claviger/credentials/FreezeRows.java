package dev.claviger.credentials;

import dev.claviger.credentials.api.FreezeEvent.Frozen;
import dev.claviger.credentials.api.FreezeEvent.Thawed;
import dev.claviger.credentials.api.FreezeScope;
import java.util.Objects;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Puts freezes in force in the transaction of their event: what was recorded as used before is before its commit. */
@Component
@ProcessingGroup("credentials-state")
class FreezeRows {

    private final JdbcClient jdbc;

    FreezeRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(Frozen event) {
        jdbc.sql("insert into credentials.freeze (id, subject, reason) values (?, ?, ?) on conflict do nothing")
                .params(event.freezeId().value(), event.subject(), event.reason())
                .update();
        jdbc.sql("""
                        insert into credentials.freeze_scope (kind, target, freeze_id)
                        select kind, target, ? from unnest(?, ?) as s (kind, target) on conflict do nothing""")
                .param(event.freezeId().value())
                .param(event.scopes().stream().map(scope -> scope.kind().name()).toArray(String[]::new))
                .param(event.scopes().stream().map(FreezeRows::target).toArray(String[]::new))
                .update();
        jdbc.sql("select credentials.close_freeze_gate()").query().listOfRows();
    }

    @EventHandler
    void on(Thawed event) {
        jdbc.sql("delete from credentials.freeze_scope where freeze_id = ?")
                .param(event.freezeId().value())
                .update();
        jdbc.sql("""
                        update credentials.freeze set thawed_at = clock_timestamp(), thaw_reason = ?
                         where id = ? and thawed_at is null""").params(event.reason(), event.freezeId().value()).update();
    }

    private static String target(FreezeScope scope) {
        return Objects.requireNonNullElse(scope.target(), "");
    }
}
