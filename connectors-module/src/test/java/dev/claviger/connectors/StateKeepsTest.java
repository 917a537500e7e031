package dev.claviger.connectors;

import static dev.claviger.connectors.Fixtures.AGENT;
import static dev.claviger.connectors.Fixtures.CONNECTOR;
import static dev.claviger.connectors.Fixtures.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Identification;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What is written to snapshots and to the saga store can be read back. */
class StateKeepsTest {

    private final JsonMapper json = JsonMapper.builder().findAndAddModules().build();

    @Test
    void readsBackSlots() throws Exception {
        Slots slots = new Slots();
        slots.begin(new Attempt(FIRST, AGENT, AuthType.OAUTH));
        slots.establish(AGENT);
        Slots read = json.readValue(json.writeValueAsString(slots), Slots.class);
        assertThat(read.knows(FIRST)).isTrue();
        assertThat(read.live(AGENT)).isEqualTo(new Attempt(FIRST, AGENT, AuthType.OAUTH));
        assertThat(read.pending(AGENT)).isNull();
    }

    @Test
    void readsBackWhoseAccountIsExpected() throws Exception {
        Account ann = new Account(Account.Source.ID_TOKEN, "https://as.example", "42", "ann@example.com", null, null);
        Expectations expectations = new Expectations();
        expectations.remember(AGENT, ann);
        expectations.expect(null, "bob");
        expectations.hold(FIRST, new Expectations.Held(Identification.of(ann), true));
        Expectations read = json.readValue(json.writeValueAsString(expectations), Expectations.class);
        assertThat(read.former(AGENT)).isEqualTo(ann);
        assertThat(read.named(null)).isEqualTo("bob");
        assertThat(read.held(FIRST)).isEqualTo(new Expectations.Held(Identification.of(ann), true));
    }

    @Test
    void readsBackHowOftenMoreScopeWasAskedFor() throws Exception {
        Instant noon = Instant.parse("2026-11-23T12:00:00.123456Z");
        StepUps stepUps = new StepUps();
        stepUps.remember(AGENT, "tools/call a", noon);
        stepUps.remember(AGENT, "tools/call a", noon.plusSeconds(1));
        StepUps read = json.readValue(json.writeValueAsString(stepUps), StepUps.class);
        assertThat(read.isExhausted(AGENT, "tools/call a", noon.plusSeconds(2))).isTrue();
        assertThat(read.isExhausted(null, "tools/call a", noon.plusSeconds(2))).isFalse();
        assertThat(read.isExhausted(AGENT, "tools/call a", noon.plusSeconds(3_600)))
                .isFalse();
    }

    @Test
    void readsBackAConnectorAnAgentAndASaga() throws Exception {
        for (Class<?> kept : new Class<?>[] {Connector.class, Agent.class, ConnectionSaga.class}) {
            var constructor = kept.getDeclaredConstructor();
            constructor.setAccessible(true);
            Object fresh = constructor.newInstance();
            for (String field : new String[] {"settings", "connectorId"}) {
                fill(fresh, field);
            }
            String written = json.writeValueAsString(fresh);
            assertThat(json.writeValueAsString(json.readValue(written, kept))).isEqualTo(written);
            assertThat(written).doesNotContain("deadlines", "commands");
        }
    }

    private static void fill(Object object, String field) throws Exception {
        for (var candidate : object.getClass().getDeclaredFields()) {
            if (candidate.getName().equals(field)) {
                candidate.setAccessible(true);
                candidate.set(object, field.equals("settings") ? Fixtures.shared(AuthType.OAUTH) : CONNECTOR);
            }
        }
    }
}
