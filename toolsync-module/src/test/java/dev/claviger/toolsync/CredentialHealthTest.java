package dev.claviger.toolsync;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.toolsync.HealthOutcome.RecordHealth;
import dev.claviger.toolsync.api.HealthCommand.CheckHealth;
import dev.claviger.toolsync.api.HealthCommand.EndHealthWatch;
import dev.claviger.toolsync.api.HealthCommand.WatchHealth;
import dev.claviger.toolsync.api.HealthEvent.HealthChanged;
import dev.claviger.toolsync.api.HealthEvent.HealthConfirmed;
import dev.claviger.toolsync.api.HealthEvent.HealthWatchEnded;
import dev.claviger.toolsync.api.HealthEvent.HealthWatched;
import dev.claviger.toolsync.api.HealthId;
import dev.claviger.toolsync.api.HealthState;
import dev.claviger.toolsync.api.ToolCatalogId;
import dev.claviger.toolsync.api.ToolCatalogRejected;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CredentialHealthTest {

    private static final UUID ONE = UUID.randomUUID();
    private static final HealthId ID = new HealthId(ONE);
    private static final Failure DEAD = new Failure(FailureCode.CREDENTIAL_DEAD, "HTTP 401");
    private static final Failure DOWN = new Failure(FailureCode.MCP_UNREACHABLE, "HTTP 503");
    private static final HealthWatched WATCHED = watched(Map.of());
    private static final HealthChanged GOOD = new HealthChanged(ID, HealthState.HEALTHY, null, null);

    private final FixtureConfiguration<CredentialHealth> fixture = new AggregateTestFixture<>(CredentialHealth.class);

    private Instant now = Instant.now();

    @BeforeEach
    void begin() {
        fixture.registerInjectableResource(new HealthSettings(
                Duration.ZERO,
                Duration.ofHours(6),
                Duration.ofMinutes(15),
                Duration.ofHours(24),
                Duration.ZERO,
                Duration.ofDays(30),
                true));
        fixture.registerInjectableResource(new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        });
    }

    @Test
    void watchesOnceUntilTheWayToTheServerChanges() {
        fixture.givenNoPriorActivity().when(watch(Map.of())).expectEvents(WATCHED);
        fixture.given(WATCHED).when(watch(Map.of())).expectNoEvents();
        fixture.given(WATCHED).when(watch(Map.of("X-Team", "blue"))).expectEvents(watched(Map.of("X-Team", "blue")));
        fixture.given(WATCHED, new HealthWatchEnded(ID)).when(watch(Map.of())).expectNoEvents();
    }

    @Test
    void tellsAChangeWithItsCause() {
        fixture.given(WATCHED)
                .when(new RecordHealth(ID, HealthState.HEALTHY, null))
                .expectEvents(GOOD);
        fixture.given(WATCHED, GOOD)
                .when(new RecordHealth(ID, HealthState.REFUSED, DEAD))
                .expectEvents(new HealthChanged(ID, HealthState.REFUSED, HealthState.HEALTHY, DEAD));
    }

    @Test
    void leavesNoEventWhereNothingIsNew() {
        fixture.given(WATCHED, GOOD)
                .when(new RecordHealth(ID, HealthState.HEALTHY, null))
                .expectNoEvents();
    }

    @Test
    void givesOneSignOfLifeADay() {
        now = now.plus(Duration.ofHours(25));
        fixture.given(WATCHED, GOOD)
                .when(new RecordHealth(ID, HealthState.HEALTHY, null))
                .expectEvents(new HealthConfirmed(ID, HealthState.HEALTHY));
    }

    @Test
    void keepsARefusalWhileTheServerIsDown() {
        fixture.given(WATCHED, new HealthChanged(ID, HealthState.REFUSED, null, DEAD))
                .when(new RecordHealth(ID, HealthState.UNREACHABLE, DOWN))
                .expectNoEvents();
    }

    @Test
    void endsOnceAndForGood() {
        fixture.given(WATCHED, GOOD).when(new EndHealthWatch(ID)).expectEvents(new HealthWatchEnded(ID));
        fixture.given(WATCHED, new HealthWatchEnded(ID))
                .when(new EndHealthWatch(ID))
                .expectNoEvents();
        fixture.given(WATCHED, new HealthWatchEnded(ID))
                .when(new RecordHealth(ID, HealthState.REFUSED, DEAD))
                .expectNoEvents();
        fixture.given(WATCHED, new HealthWatchEnded(ID))
                .when(new CheckHealth(ID))
                .expectException(ToolCatalogRejected.class);
        fixture.givenNoPriorActivity().when(new EndHealthWatch(ID)).expectEvents(new HealthWatchEnded(ID));
    }

    private static WatchHealth watch(Map<String, String> headers) {
        return new WatchHealth(
                ID, new ToolCatalogId(ONE), new CredentialId(ONE), "https://mcp.example/mcp", headers, null, true);
    }

    private static HealthWatched watched(Map<String, String> headers) {
        return new HealthWatched(
                ID, new ToolCatalogId(ONE), new CredentialId(ONE), "https://mcp.example/mcp", headers, null, true);
    }
}
