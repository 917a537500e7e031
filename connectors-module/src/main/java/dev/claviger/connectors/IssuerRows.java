package dev.claviger.connectors;

import dev.claviger.oauth.api.AuthorizationEvent.IssuerChangeFound;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.api.DiscoverySource;
import java.util.UUID;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Keeps which issuer each connection came from, and which one its server named last, in the transaction of the discovery:
 * from then on no credential of another issuer is used (C50).
 */
@Component
@ProcessingGroup("connectors-state")
class IssuerRows {

    private final JdbcClient jdbc;

    IssuerRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Endpoints that an admin entered say nothing of what the server names. */
    @EventHandler
    void on(MetadataDiscovered event) {
        String issuer = event.source() == DiscoverySource.MANUAL ? null : event.boundIssuer();
        UUID attempt = event.authorizationId().value();
        jdbc.sql("update connectors.connection set issuer = :issuer where connection_id = :id")
                .param("issuer", issuer)
                .param("id", attempt)
                .update();
        jdbc.sql("""
                        update connectors.connector c set issuer = :issuer
                          from connectors.connection x
                         where x.connection_id = :id and c.connector_id = x.connector_id
                        """).param("issuer", issuer).param("id", attempt).update();
    }

    @EventHandler
    void on(IssuerChangeFound event) {
        jdbc.sql("update connectors.connection set former_issuer = :former where connection_id = :id")
                .param("former", event.former())
                .param("id", event.authorizationId().value())
                .update();
    }

    /** The issuer that the server names now, where the connection came from another one; null: all is as it was. */
    @Nullable
    String moved(UUID connection) {
        return jdbc.sql("""
                        select c.issuer
                          from connectors.connection x
                          join connectors.connector c on c.connector_id = x.connector_id
                         where x.connection_id = :id and x.issuer <> c.issuer
                        """)
                .param("id", connection)
                .query(String.class)
                .optional()
                .orElse(null);
    }
}
