package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentKeyring;
import dev.claviger.connectors.api.AgentQuery.AuthenticatedAgent;
import dev.claviger.credentials.api.BoundedSql;
import dev.claviger.credentials.api.Gathering;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;

/** Looks keys up in the database every time, those of requests that arrive together with one statement. */
@Component
class DatabaseKeyring implements AgentKeyring {

    private static final int LANES = 1;
    private static final int MOST_IN_A_GROUP = 64;

    private final JdbcClient jdbc;
    private final FrozenCalls frozenCalls;
    private final Gathering<String, Optional<AuthenticatedAgent>> gathering =
            new Gathering<>(LANES, 1, MOST_IN_A_GROUP, this::owners);

    DatabaseKeyring(DataSource dataSource, FrozenCalls frozenCalls) {
        this.jdbc = BoundedSql.of(dataSource);
        this.frozenCalls = frozenCalls;
    }

    @Override
    public Optional<AuthenticatedAgent> owner(String hash) {
        return gathering.ask(hash);
    }

    @Override
    public void refusedFrozen(AgentId agent, String path, String sourceAddress) {
        frozenCalls.refused(agent, path, sourceAddress);
    }

    private List<Optional<AuthenticatedAgent>> owners(List<String> hashes) {
        Map<String, AuthenticatedAgent> owners = new HashMap<>();
        List<UUID> used = new ArrayList<>();
        jdbc.sql("""
                        select k.hash, k.key_id, a.agent_id, a.name,
                               exists (select from connectors.freeze f
                                        where f.kind = 'AGENT' and f.target = cast(a.agent_id as text)) as frozen,
                               k.last_used_at is null or k.last_used_at < now() - interval '1 minute' as unnoted
                          from connectors.agent_key k join connectors.agent a on a.agent_id = k.agent_id
                         where k.hash = any(?) and not a.removed
                        """).param(new SqlArrayValue("text", hashes.toArray())).query(row -> {
            UUID key = row.getObject("key_id", UUID.class);
            owners.put(
                    row.getString("hash"),
                    new AuthenticatedAgent(
                            new AgentId(row.getObject("agent_id", UUID.class)),
                            row.getString("name"),
                            key,
                            row.getBoolean("frozen")));
            if (row.getBoolean("unnoted")) {
                used.add(key);
            }
        });
        note(used);
        return hashes.stream()
                .map(hash -> Optional.ofNullable(owners.get(hash)))
                .toList();
    }

    /** At most once a minute: a busy agent must not write a row at every call. */
    private void note(List<UUID> keys) {
        if (keys.isEmpty()) {
            return;
        }
        // In order, and only what nobody else is writing, so that two nodes never wait for each other.
        jdbc.sql("""
                        update connectors.agent_key set last_used_at = now()
                         where key_id in (select key_id from connectors.agent_key
                                           where key_id = any(?)
                                             and (last_used_at is null or last_used_at < now() - interval '1 minute')
                                             for no key update skip locked)
                        """).param(new SqlArrayValue("uuid", keys.toArray())).update();
    }
}
