package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.credentials.outbound.Effect;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Has the credentials of live connections watched: those of a connector that was set up anew, or those that were made before
 * credentials were watched at all.
 */
@Component
class WatchConnections extends Effect<WatchConnections.Data> {

    /** @param connectorId null: all connections that are not watched yet */
    record Data(@Nullable ConnectorId connectorId) {}

    private record Live(UUID connector, ConnectionId connection) {}

    private static final Logger log = LoggerFactory.getLogger(WatchConnections.class);

    private final HealthWatches watches;
    private final JdbcClient jdbc;

    WatchConnections(HealthWatches watches, JdbcClient jdbc) {
        super("connectors.watch-connections", Data.class, 20, Duration.ofSeconds(2));
        this.watches = watches;
        this.jdbc = jdbc;
    }

    /** How many live connections nobody watches. */
    int unwatched() {
        return live(null).size();
    }

    @Override
    protected void perform(Data data) {
        live(data.connectorId()).forEach(live -> watches.watch(live.connector(), live.connection()));
    }

    /** The next start finds those that are not watched. */
    @Override
    protected void giveUp(Data data, RuntimeException cause) {
        log.error("The health of some credentials is not watched; restart to try again", cause);
    }

    private List<Live> live(@Nullable ConnectorId connector) {
        return jdbc.sql("""
                        select x.connector_id, x.connection_id from connectors.connection x
                         where x.state = 'LIVE' and x.auth_type <> 'NONE'
                           and case when cast(:connector as uuid) is null
                                    then not exists (select 1 from connectors.health h
                                                      where h.connection_id = x.connection_id)
                                    else x.connector_id = cast(:connector as uuid) end
                        """)
                .param("connector", connector == null ? null : connector.value().toString())
                .query((row, number) -> new Live(
                        row.getObject("connector_id", UUID.class),
                        new ConnectionId(row.getObject("connection_id", UUID.class))))
                .list();
    }
}
