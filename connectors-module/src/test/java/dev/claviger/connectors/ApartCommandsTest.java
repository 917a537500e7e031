package dev.claviger.connectors;

import static dev.claviger.connectors.Fixtures.CONNECTOR;
import static dev.claviger.connectors.Fixtures.FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claviger.connectors.api.ConnectorCommand.EstablishConnection;
import dev.claviger.connectors.api.ConnectorRejected;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.correlation.SimpleCorrelationDataProvider;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class ApartCommandsTest {

    private static TestDatabase database;

    private final JdbcClient jdbc = database.jdbc();
    private final DataSourceTransactionManager transactions = new DataSourceTransactionManager(database.dataSource());
    private final SpringTransactionManager axonTransactions = new SpringTransactionManager(transactions);
    private final SimpleCommandBus bus =
            SimpleCommandBus.builder().transactionManager(axonTransactions).build();
    private final ApartCommands commands =
            new ApartCommands(DefaultCommandGateway.builder().commandBus(bus).build(), transactions);

    @BeforeAll
    static void start() throws IOException {
        database = new TestDatabase();
        database.jdbc().sql("create table note (text text)").update();
    }

    @AfterAll
    static void stop() throws IOException {
        database.close();
    }

    @BeforeEach
    void empty() {
        jdbc.sql("truncate note").update();
    }

    @Test
    void letsTheSenderGoOnWhenACommandIsRejected() {
        handle(message -> {
            note("inner");
            throw new ConnectorRejected("Not now.");
        });
        assertThat(sendWithin("outer")).isEqualTo("Not now.");
        assertThat(notes()).containsExactly("outer");
    }

    @Test
    void keepsWhatTheCommandDidWhenTheSenderFailsLater() {
        handle(message -> note("inner"));
        DefaultUnitOfWork<?> outer = DefaultUnitOfWork.startAndGet(new GenericMessage<>("event"));
        outer.attachTransaction(axonTransactions);
        note("outer");
        assertThat(send()).isNull();
        outer.rollback();
        assertThat(notes()).containsExactly("inner");
    }

    @Test
    void ascribesTheCommandToWhoeverCausedTheEvent() {
        StringBuilder actor = new StringBuilder();
        handle(message -> actor.append(message.getMetaData().get("actor")));
        sendWithin("outer");
        assertThat(actor).hasToString("person:ada");
    }

    @Test
    void throwsTroubleOfTheMoment() {
        handle(message -> {
            throw new QueryTimeoutException("later");
        });
        assertThatThrownBy(this::send).isInstanceOf(QueryTimeoutException.class);
    }

    @Test
    void answersABugWithASentence() {
        handle(message -> {
            throw new IllegalStateException("a bug");
        });
        assertThat(send()).startsWith("Something broke on our side");
    }

    private String sendWithin(String text) {
        DefaultUnitOfWork<?> outer =
                DefaultUnitOfWork.startAndGet(new GenericMessage<>("event", Map.of("actor", "person:ada")));
        outer.registerCorrelationDataProvider(new SimpleCorrelationDataProvider("actor"));
        outer.attachTransaction(axonTransactions);
        note(text);
        String refusal = send();
        outer.commit();
        return refusal;
    }

    private String send() {
        return commands.send(new EstablishConnection(CONNECTOR, FIRST, true));
    }

    private void handle(Handling handling) {
        bus.subscribe(EstablishConnection.class.getName(), message -> {
            handling.handle((CommandMessage<?>) message);
            return null;
        });
    }

    private void note(String text) {
        jdbc.sql("insert into note values (:text)").param("text", text).update();
    }

    private List<String> notes() {
        return jdbc.sql("select text from note").query(String.class).list();
    }

    private interface Handling {
        void handle(CommandMessage<?> message);
    }
}
