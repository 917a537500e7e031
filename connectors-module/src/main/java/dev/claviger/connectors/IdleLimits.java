package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.credentials.api.CredentialCommand.SetIdleLimit;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialQuery.CredentialFacts;
import dev.claviger.credentials.api.CredentialQuery.CredentialFactsList;
import dev.claviger.credentials.api.CredentialQuery.FindCredentials;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tells credentials after how many days without use their refresh tokens die, as their connector is set up now. */
@Component
class IdleLimits {

    /** As many as may be asked about at once. */
    private static final int GROUP = 1_000;

    private final CommandGateway commands;
    private final Answers answers;
    private final JdbcClient jdbc;

    IdleLimits(CommandGateway commands, Answers answers, JdbcClient jdbc) {
        this.commands = commands;
        this.answers = answers;
        this.jdbc = jdbc;
    }

    /** Null: nobody said, or the connector is gone. */
    @Nullable
    Integer entered(ConnectorId connector) {
        return jdbc.sql("""
                        select cast(settings #>> '{oauth,refreshTokenIdleDays}' as integer) from connectors.connector
                         where connector_id = :id and auth_type = 'OAUTH' and not removed""")
                .param("id", connector.value())
                .query(Integer.class)
                .optional()
                .orElse(null);
    }

    /** Those that obey OAuth and serve now. */
    List<ConnectionId> live(ConnectorId connector) {
        return jdbc.sql("""
                        select connection_id from connectors.connection
                         where connector_id = :id and state = 'LIVE' and auth_type = 'OAUTH'""").param("id", connector.value()).query(UUID.class).list().stream()
                .map(ConnectionId::new)
                .toList();
    }

    /**
     * Says it to those that were told otherwise; one that cannot be told now keeps it from no other.
     *
     * @throws RuntimeException the first of those that could not be told
     */
    void tell(List<ConnectionId> connections, @Nullable Integer days) {
        List<RuntimeException> failures = new ArrayList<>();
        for (int from = 0; from < connections.size(); from += GROUP) {
            List<CredentialId> group = connections.subList(from, Math.min(from + GROUP, connections.size())).stream()
                    .map(connection -> new CredentialId(connection.value()))
                    .toList();
            answers.one(new FindCredentials(group), CredentialFactsList.class).items().stream()
                    .filter(facts -> facts.refreshable() && !Objects.equals(facts.idleDays(), days))
                    .map(CredentialFacts::credentialId)
                    .forEach(credential -> tell(credential, days, failures));
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    private void tell(CredentialId credential, @Nullable Integer days, List<RuntimeException> failures) {
        try {
            commands.sendAndWait(new SetIdleLimit(credential, days));
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }
}
