package dev.claviger.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.connectors.ServerOffers.Found;
import dev.claviger.connectors.ServerOffers.Remembered;
import dev.claviger.connectors.ServerOffers.Wanted;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.oauth.api.OAuthSettings;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ServerOffersTest {

    private static final UUID AGENT = UUID.randomUUID();
    private static final UUID CONNECTOR = UUID.randomUUID();
    private static final List<Wanted> WANTED = List.of(new Wanted(new AgentId(AGENT), "wiki", "the hash"));
    private static final JsonMapper JSON =
            JsonMapper.builder().findAndAddModules().build();

    private static TestDatabase database;

    private final ServerOffers offers = new ServerOffers(database.dataSource(), JSON);

    @BeforeAll
    static void start() throws IOException {
        database = new TestDatabase();
    }

    @AfterAll
    static void stop() throws IOException {
        database.close();
    }

    @BeforeEach
    void offer() {
        run("truncate connectors.agent, connectors.agent_key, connectors.agent_tool, connectors.connector,"
                + " connectors.connection, connectors.freeze");
        run("insert into connectors.agent (agent_id, name, name_key, description, created_at)" + " values ('" + AGENT
                + "', 'Researcher', 'researcher', '', now())");
        run("insert into connectors.agent_key (key_id, agent_id, hash, created_at)" + " values ('" + UUID.randomUUID()
                + "', '" + AGENT + "', 'the hash', now())");
        run("insert into connectors.agent_tool (agent_id, connector_id, name)" + " values ('" + AGENT + "', '"
                + CONNECTOR + "', 'search')");
        database.jdbc()
                .sql("insert into connectors.connector (connector_id, name, name_key, server_key, url, auth_type, mode,"
                        + " settings, created_at) values (?, 'Wiki', 'wiki', 'wiki', '', 'OAUTH', 'SHARED',"
                        + " cast(? as jsonb), now())")
                .params(
                        CONNECTOR,
                        JSON.writeValueAsString(new ConnectorSettings(
                                "Wiki",
                                "https://wiki.example/mcp",
                                AuthType.OAUTH,
                                null,
                                Map.of(),
                                CredentialMode.SHARED,
                                OAuthSettings.AUTOMATIC)))
                .update();
        run(
                "insert into connectors.connection (connection_id, connector_id, auth_type, sync_tools, state, requested_at)"
                        + " values ('" + UUID.randomUUID() + "', '" + CONNECTOR + "', 'OAUTH', true, 'LIVE', now())");
        run("insert into connectors.freeze (freeze_id, kind, target) values (gen_random_uuid(), 'AGENT', 'another')");
    }

    @Test
    void remembersWhatItFound() {
        assertThat(offers.remembered(WANTED)).isNull();
        Found found = found();
        Remembered remembered = remembered();
        assertThat(remembered.offers()).containsExactly(found);
        assertThat(offers.hold(remembered)).isTrue();
    }

    /** Whatever the look at the database depends on. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "update connectors.agent set removed = true",
                "delete from connectors.agent",
                "insert into connectors.agent (agent_id, name, name_key, description, created_at)"
                        + " values (gen_random_uuid(), 'Writer', 'writer', '', now())",
                "insert into connectors.agent_key (key_id, agent_id, hash, created_at)"
                        + " values (gen_random_uuid(), gen_random_uuid(), 'a new one', now())",
                "insert into connectors.agent_tool (agent_id, connector_id, name)"
                        + " values (gen_random_uuid(), gen_random_uuid(), 'search')",
                "insert into connectors.connector (connector_id, name, name_key, server_key, url, auth_type, mode,"
                        + " settings, created_at) select gen_random_uuid(), 'Second', 'second', 'second', url, auth_type,"
                        + " mode, settings, now() from connectors.connector",
                "insert into connectors.connection (connection_id, connector_id, auth_type, sync_tools, state,"
                        + " requested_at) values (gen_random_uuid(), gen_random_uuid(), 'OAUTH', true, 'LIVE', now())",
                "delete from connectors.connector",
                "delete from connectors.connection",
                "delete from connectors.freeze",
                "delete from connectors.agent_key",
                "update connectors.agent_key set hash = 'another'",
                "delete from connectors.agent_tool",
                "update connectors.agent_tool set agent_id = gen_random_uuid()",
                "update connectors.connector set removed = true",
                "update connectors.connector set version = version + 1",
                "update connectors.connector set mode = 'PER_AGENT'",
                "update connectors.connector set server_key = 'other'",
                "update connectors.connector set issuer = 'https://elsewhere.example'",
                "update connectors.connection set state = 'ENDED'",
                "update connectors.connection set issuer = 'https://elsewhere.example'",
                "update connectors.connection set agent_id = gen_random_uuid()",
                "update connectors.connection set connector_id = gen_random_uuid()",
                "insert into connectors.freeze (freeze_id, kind, target) values (gen_random_uuid(), 'AGENT', 'x')",
                "truncate connectors.connection",
            })
    void knowsOfEveryChangeThatMayMatter(String change) {
        found();
        Remembered remembered = remembered();
        run(change);
        assertThat(offers.hold(remembered)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update connectors.agent_key set last_used_at = now()",
                "update connectors.agent set description = 'Reads'",
                "update connectors.connection set account = '{}'",
                "delete from connectors.agent_call",
            })
    void keepsItsMemoryOverWhatDoesNotMatter(String change) {
        found();
        run(change);
        assertThat(offers.hold(remembered())).isTrue();
    }

    @Test
    void isNotMisledByAChangeThatIsUndone() {
        found();
        Remembered before = remembered();
        run("update connectors.connector set version = 2");
        found();
        run("update connectors.connector set version = 1");
        assertThat(offers.hold(before)).isFalse();
        assertThat(offers.hold(remembered())).isFalse();
    }

    @Test
    void countsAChangeOnceItIsCommitted() throws SQLException {
        found();
        Remembered mark = remembered();
        try (Connection other = database.dataSource().getConnection()) {
            other.setAutoCommit(false);
            run(other, "update connectors.connector set version = 2");
            assertThat(offers.hold(mark)).isTrue();
            other.commit();
        }
        assertThat(offers.hold(mark)).isFalse();
    }

    @Test
    void makesNobodyWaitWhoChangesSomethingElse() throws SQLException {
        found();
        Remembered before = remembered();
        try (Connection one = database.dataSource().getConnection();
                Connection another = database.dataSource().getConnection()) {
            one.setAutoCommit(false);
            another.setAutoCommit(false);
            run(one, "update connectors.connector set version = 2");
            run(another, "set local lock_timeout = '5s'");
            run(another, "update connectors.agent set removed = false");
            another.commit();
            assertThat(offers.hold(before)).isFalse();
            found();
            Remembered between = remembered();
            assertThat(offers.hold(between)).isTrue();
            one.commit();
            assertThat(offers.hold(between)).isFalse();
        }
    }

    @Test
    void forgetsWhatIsOfferedNoLonger() {
        found();
        run("delete from connectors.agent_tool");
        assertThat(offers.find(WANTED)).containsExactly((Found) null);
        assertThat(offers.remembered(WANTED)).isNull();
    }

    private Found found() {
        Found found = offers.find(WANTED).get(0);
        assertThat(found).isNotNull();
        return found;
    }

    private Remembered remembered() {
        Remembered remembered = offers.remembered(WANTED);
        assertThat(remembered).isNotNull();
        return remembered;
    }

    private static void run(String sql) {
        database.jdbc().sql(sql).update();
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
