package dev.claviger.connectors;

import static dev.claviger.connectors.Fixtures.AGENT;
import static dev.claviger.connectors.Fixtures.CONNECTOR;
import static dev.claviger.connectors.Fixtures.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionEstablished;
import dev.claviger.connectors.api.ConnectorEvent.ConnectionRequested;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.FreezeEvent.Frozen;
import dev.claviger.credentials.api.FreezeEvent.Thawed;
import dev.claviger.credentials.api.FreezeId;
import dev.claviger.credentials.api.FreezeScope;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Timeout(60)
class FreezeGuardTest {

    private static final FreezeId FREEZE = new FreezeId(new UUID(4, 1));

    private static TestDatabase database;

    private final JdbcClient jdbc = database.jdbc();
    private final TransactionTemplate transaction =
            new TransactionTemplate(new DataSourceTransactionManager(database.dataSource()));
    private final Set<CredentialId> covered = new HashSet<>();
    private final FreezeGuard guard = new FreezeGuard(
            jdbc, (credential, issuer) -> covered.contains(credential) ? Optional.of("theft") : Optional.empty());

    @BeforeAll
    static void start() throws IOException {
        database = new TestDatabase();
    }

    @AfterAll
    static void stop() throws IOException {
        database.close();
    }

    @BeforeEach
    void empty() {
        jdbc.sql("truncate connectors.freeze").update();
    }

    @Test
    void aConnectThatHangsInTheGateKeepsNoFreezeFromComingAndIsNeverEstablished() throws Exception {
        CountDownLatch inTheGate = new CountDownLatch(1);
        CountDownLatch frozen = new CountDownLatch(1);
        FutureTask<Void> hanging = new FutureTask<>(
                () -> transaction.executeWithoutResult(status -> {
                    guard.on(requested());
                    inTheGate.countDown();
                    awaitUninterrupted(frozen);
                }),
                null);
        new Thread(hanging).start();
        inTheGate.await();
        String timeout = transaction.execute(status -> {
            guard.close();
            guard.on(frozen("connector:" + CONNECTOR.value()));
            return jdbc.sql("show lock_timeout").query(String.class).single();
        });
        frozen.countDown();
        hanging.get();
        assertThat(timeout).as("for the rest of the freeze").isEqualTo("0");
        assertThatThrownBy(() -> guard.on(established(AuthType.OAUTH)))
                .isInstanceOf(ConnectorRejected.class)
                .hasMessageContaining("frozen");
    }

    @Test
    void aConnectAfterTheFreezeIsRefused() {
        transaction.executeWithoutResult(status -> {
            guard.close();
            guard.on(frozen("agent:" + AGENT.value()));
        });
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> guard.on(requested())))
                .isInstanceOf(ConnectorRejected.class);
        assertThatThrownBy(() -> guard.on(established(AuthType.BEARER))).isInstanceOf(ConnectorRejected.class);
        guard.on(new Thawed(FREEZE, "agent:" + AGENT.value(), List.of(), "over"));
        assertThatCode(() -> guard.on(established(AuthType.BEARER))).doesNotThrowAnyException();
    }

    @Test
    void whatTheFreezeKnowsIsEstablishedAllTheSame() {
        guard.on(frozen("connector:" + CONNECTOR.value()));
        covered.add(new CredentialId(FIRST.value()));
        assertThatCode(() -> guard.on(established(AuthType.OAUTH))).doesNotThrowAnyException();
        covered.clear();
        assertThatCode(() -> guard.on(established(AuthType.NONE)))
                .as("has no credential to cover")
                .doesNotThrowAnyException();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ConnectionRequested requested() {
        return new ConnectionRequested(
                CONNECTOR, FIRST, AGENT, Fixtures.shared(AuthType.OAUTH), null, true, "bound", null, null);
    }

    private static ConnectionEstablished established(AuthType authType) {
        return new ConnectionEstablished(CONNECTOR, FIRST, AGENT, authType, null, true);
    }

    private static Frozen frozen(String subject) {
        return new Frozen(FREEZE, subject, List.<FreezeScope>of(), "theft");
    }
}
