package dev.claviger.connectors;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.credentials.api.BoundedSql;
import dev.claviger.credentials.api.HandOuts.Condition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds single offers for many agents with one statement, by the rule of {@link OfferQueries}, and remembers them until
 * anything changes on which an offer depends. Settings are read from JSON once for each version.
 */
@Component
class ServerOffers {

    private static final int MOST_REMEMBERED = 50_000;

    /**
     * Changes with every commit that may change an offer. The triggers of {@code V19__offers_in_force.sql} see to it, for all
     * tables and columns that the look at the database reads: a new one there needs its trigger too.
     */
    private static final String MARK = "(select coalesce(bit_xor(mark), 0) from connectors.offers_mark)";

    /**
     * Who asks for which server.
     *
     * @param keyHash of the key by which the agent was recognised a while ago: nothing is found unless it is valid still and
     *     the agent is not frozen; null: recognised for this very request
     */
    record Wanted(AgentId agent, String serverKey, @Nullable String keyHash) {

        Wanted(AgentId agent, String serverKey) {
            this(agent, serverKey, null);
        }
    }

    /** @param version of the settings, from 1 */
    record Found(ServerOffer offer, long version) {}

    /**
     * Offers that were found before.
     *
     * @param hold whether they are still in force
     */
    record Remembered(List<Found> offers, Condition hold) {}

    private record Known(UUID connector, long version, ConnectorSettings settings) {}

    private record Marked(Found found, long mark) {}

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Cache<String, Known> knownByServerKey = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(MOST_REMEMBERED)
            .build();
    private final Cache<Wanted, Marked> remembered = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(MOST_REMEMBERED)
            .build();
    private volatile long newestMark;

    ServerOffers(DataSource dataSource, JsonMapper json) {
        this.jdbc = BoundedSql.of(dataSource);
        this.json = json;
    }

    /** Without looking whether they still hold; null unless there is one for each. */
    @Nullable
    Remembered remembered(List<Wanted> wanted) {
        long mark = newestMark;
        List<Found> offers = new ArrayList<>(wanted.size());
        for (Wanted one : wanted) {
            Marked marked = remembered.getIfPresent(one);
            if (marked == null || marked.mark() != mark) {
                return null;
            }
            offers.add(marked.found());
        }
        return new Remembered(offers, new Condition(MARK + " = ?", mark));
    }

    boolean hold(Remembered offers) {
        return jdbc.sql("select " + offers.hold().sql())
                .param(offers.hold().parameter())
                .query(Boolean.class)
                .single();
    }

    /** Answers in the order of the questions; null where the server is not offered to the agent. */
    List<@Nullable Found> find(List<Wanted> wanted) {
        List<@Nullable Known> known = new ArrayList<>(wanted.size());
        wanted.forEach(one -> known.add(knownByServerKey.getIfPresent(one.serverKey())));
        List<@Nullable Found> found = new ArrayList<>(Collections.nCopies(wanted.size(), null));
        jdbc.sql("""
                        select %s as mark, w.n, c.connector_id, c.version, x.connection_id,
                               coalesce(x.issuer <> c.issuer, false) as moved,
                               case when c.connector_id = w.known_id and c.version = w.known_version then null
                                    else c.settings end as settings
                          from unnest(?, ?, ?, ?, ?) with ordinality
                               as w (agent_id, server_key, key_hash, known_id, known_version, n)
                          join connectors.agent a on a.agent_id = w.agent_id and not a.removed
                          join connectors.connector c on c.server_key = w.server_key and not c.removed
                          left join connectors.agent_key k on k.hash = w.key_hash and k.agent_id = w.agent_id
                          left join connectors.connection x
                            on x.state = 'LIVE' and x.connector_id = c.connector_id
                           and coalesce(x.agent_id, x.connector_id)
                               = case c.mode when 'PER_AGENT' then w.agent_id else c.connector_id end
                           and (x.agent_id is null) = (c.mode <> 'PER_AGENT')
                         where (c.mode = 'PER_AGENT'
                                or exists (select 1 from connectors.agent_tool t
                                            where t.agent_id = w.agent_id and t.connector_id = c.connector_id))
                           and (w.key_hash is null
                                or k.hash is not null
                                   and not (exists (select from connectors.freeze)
                                            and exists (select 1 from connectors.freeze f
                                                         where f.kind = 'AGENT'
                                                           and f.target = cast(w.agent_id as text))))
                        """.formatted(MARK))
                .param(array("uuid", wanted.stream().map(one -> one.agent().value())))
                .param(array("text", wanted.stream().map(Wanted::serverKey)))
                .param(array("text", wanted.stream().map(Wanted::keyHash)))
                .param(array("uuid", known.stream().map(one -> one == null ? null : one.connector())))
                .param(array("bigint", known.stream().map(one -> one == null ? null : one.version())))
                .query(row -> {
                    int n = row.getInt("n") - 1;
                    Found offer = found(row, wanted.get(n).serverKey(), known.get(n));
                    found.set(n, offer);
                    remember(wanted.get(n), new Marked(offer, row.getLong("mark")));
                });
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i) == null) {
                remembered.invalidate(wanted.get(i));
            }
        }
        return found;
    }

    private void remember(Wanted wanted, Marked marked) {
        remembered.put(wanted, marked);
        newestMark = marked.mark();
    }

    private Found found(ResultSet row, String serverKey, @Nullable Known remembered) throws SQLException {
        UUID connector = row.getObject("connector_id", UUID.class);
        long version = row.getLong("version");
        String settings = row.getString("settings");
        Known known = remembered;
        if (settings != null || known == null) {
            known = new Known(connector, version, json.readValue(settings, ConnectorSettings.class));
            knownByServerKey.put(serverKey, known);
        }
        ConnectorSettings read = known.settings();
        boolean none = read.authType() == AuthType.NONE || row.getBoolean("moved");
        ConnectionId live = none ? null : ConnectorQueries.connection(row, "connection_id");
        return new Found(
                new ServerOffer(
                        new ConnectorId(connector),
                        read.name(),
                        read.url(),
                        read.authType(),
                        read.mode(),
                        read.customHeaders(),
                        live),
                version);
    }

    private static SqlArrayValue array(String type, Stream<? extends @Nullable Object> values) {
        return new SqlArrayValue(type, values.toArray());
    }
}
