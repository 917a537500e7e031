package dev.claviger.toolsync;

import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.Effects;
import dev.claviger.toolsync.HealthOutcome.RecordHealth;
import dev.claviger.toolsync.HealthTable.Due;
import dev.claviger.toolsync.HealthTable.Target;
import dev.claviger.toolsync.Listing.RecordProof;
import dev.claviger.toolsync.Listing.RecordSyncFailure;
import dev.claviger.toolsync.Listing.RecordTools;
import dev.claviger.toolsync.api.HealthEvent.HealthWatched;
import dev.claviger.toolsync.api.HealthId;
import dev.claviger.toolsync.api.HealthQuery.Proof;
import dev.claviger.toolsync.api.HealthQuery.Sight;
import dev.claviger.toolsync.api.HealthState;
import dev.claviger.toolsync.api.ToolCatalogCommand.SyncTools;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncRequested;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Checks a credential by listing its server's tools with it, records what that says, and sees to the next check. Each check
 * has a number, and only the one that is due goes on: whatever runs twice, there is one chain of checks.
 */
@Component
class CheckCredentialHealth extends Effect<CheckCredentialHealth.Job> {

    /** @param turn whether it need not wait for its turn at the server: it had one, or somebody waits for it */
    record Job(HealthId healthId, long number, boolean turn) {

        Due due() {
            return new Due(healthId, number);
        }

        String instance() {
            return healthId + "/" + number;
        }

        Job next(boolean hasTurn) {
            return new Job(healthId, number + 1, hasTurn);
        }
    }

    /**
     * @param state null: there was nothing to ask with that anything could be said of
     * @param listing what was listed; null: nothing
     */
    private record Found(
            @Nullable HealthState state,
            @Nullable Failure cause,
            @Nullable RecordTools listing,
            @Nullable Proof proof) {}

    /** Waits shorter than this are no reason to begin anew. */
    private static final Duration NOW = Duration.ofSeconds(1);

    private final ListTools listTools;
    private final ProbeListing probeListing;
    private final HealthTable table;
    private final HealthSettings settings;
    private final Catalogs catalogs;
    private final CommandGateway commands;
    private final OneTransaction oneTransaction;
    private final Effects effects;
    private final Clock clock;

    CheckCredentialHealth(
            ListTools listTools,
            ProbeListing probeListing,
            HealthTable table,
            HealthSettings settings,
            Catalogs catalogs,
            CommandGateway commands,
            OneTransaction oneTransaction,
            Effects effects,
            Clock clock) {
        super("toolsync.check-health", Job.class, 3, Duration.ofSeconds(5));
        this.listTools = listTools;
        this.probeListing = probeListing;
        this.table = table;
        this.settings = settings;
        this.catalogs = catalogs;
        this.commands = commands;
        this.oneTransaction = oneTransaction;
        this.effects = effects;
        this.clock = clock;
    }

    @Override
    protected void perform(Job job) {
        Target target = table.target(job.due()).orElse(null);
        if (target == null) {
            return;
        }
        if (!job.turn()) {
            Duration wait = table.turn(server(target.watched()), settings.pace());
            if (wait.compareTo(NOW) > 0) {
                next(job, job.next(true), clock.instant().plus(wait));
                return;
            }
        }
        record(job, target, find(target.watched(), job));
    }

    @Override
    protected void giveUp(Job job, RuntimeException cause) {
        table.target(job.due())
                .ifPresent(target -> record(
                        job,
                        target,
                        new Found(
                                HealthState.UNREACHABLE,
                                ListTools.lastWord(asListing(target.watched(), job), cause),
                                null,
                                null)));
    }

    private Found find(HealthWatched watched, Job job) {
        Listing outcome;
        try {
            outcome = listTools.answer(asListing(watched, job));
        } catch (CredentialUnavailable e) {
            return nothingToAskWith(e);
        }
        if (outcome instanceof RecordTools listed) {
            return told(watched, listed);
        }
        Failure failure = ((RecordSyncFailure) outcome).failure();
        return failure.code() == FailureCode.CREDENTIAL_REFUSED
                ? new Found(HealthState.REFUSED, new Failure(FailureCode.CREDENTIAL_DEAD, failure.detail()), null, null)
                : new Found(HealthState.UNREACHABLE, failure, null, null);
    }

    /** What is frozen or about to end is neither good nor bad. */
    private static Found nothingToAskWith(CredentialUnavailable e) {
        return switch (e.reason()) {
            case TRY_LATER -> throw ListTools.later(e);
            case NEEDS_CONSENT ->
                new Found(
                        HealthState.REFUSED,
                        new Failure(FailureCode.CREDENTIAL_UNAVAILABLE, String.valueOf(e.getMessage())),
                        null,
                        null);
            case REVOKED, FROZEN -> new Found(null, null, null, null);
        };
    }

    private Found told(HealthWatched watched, RecordTools listed) {
        int tools = listed.listing().tools().size();
        int known = catalogs.hashes(watched.catalogId()).size();
        if (tools == 0 && known > 0) {
            return unproven(
                    "The server listed no tools to this credential, where %d are known".formatted(known), listed, null);
        }
        Proof kept = table.proof(watched.catalogId(), header(watched), settings.proofKept())
                .orElse(null);
        Proof proof = kept == null ? probeListing.of(watched, tools) : kept;
        Proof news = kept == null ? proof : null;
        return proof.proves() ? new Found(HealthState.HEALTHY, null, listed, news) : unproven(why(proof), listed, news);
    }

    private static String why(Proof proof) {
        if (proof.without() == Sight.UNKNOWN || proof.withWrong() == Sight.UNKNOWN) {
            return "The server listed its tools, and gave no answer when it was asked how it takes a wrong credential;"
                    + " the next check asks again";
        }
        return proof.without() == Sight.LISTED
                ? "The server lists its tools without a credential too, so the list cannot tell whether this one works"
                : "The server lists its tools to a credential that nobody gave out too, so the list cannot tell whether"
                        + " this one works";
    }

    private static Found unproven(String why, RecordTools listed, @Nullable Proof proof) {
        return new Found(HealthState.UNPROVEN, new Failure(FailureCode.HEALTH_UNPROVEN, why), listed, proof);
    }

    private void record(Job job, Target target, Found found) {
        boolean good = found.state() == HealthState.HEALTHY || found.state() == HealthState.UNPROVEN;
        int failures = good ? 0 : target.failures() + 1;
        Instant now = clock.instant();
        HealthState state = found.state();
        oneTransaction.run(() -> {
            if (state != null) {
                commands.sendAndWait(new RecordHealth(job.healthId(), state, found.cause()));
                learn(target.watched(), found.proof());
                table.checked(job.healthId(), state == HealthState.HEALTHY, failures, now);
            }
            next(job, job.next(false), now.plus(settings.untilNext(failures)));
        });
        if (target.watched().keepsTools() && found.listing() != null && isNews(target.watched(), found.listing())) {
            commands.sendAndWait(listAnew(target.watched(), job));
        }
    }

    /** What nobody knows is not kept: the next check asks again. */
    private void learn(HealthWatched watched, @Nullable Proof proof) {
        if (proof != null && proof.without() != Sight.UNKNOWN && proof.withWrong() != Sight.UNKNOWN) {
            commands.sendAndWait(new RecordProof(
                    watched.catalogId(), header(watched), proof.without(), proof.withWrong(), proof.proves()));
        }
    }

    /** A list that is as it was is told as done once a day, so that its page is not called stale. */
    private boolean isNews(HealthWatched watched, RecordTools listed) {
        if (catalogs.emptyListWithheld(watched.catalogId())
                && listed.listing().tools().isEmpty()) {
            return false;
        }
        Instant lastSynced = catalogs.lastSyncedAt(watched.catalogId());
        return lastSynced == null
                || lastSynced.isBefore(clock.instant().minus(settings.heartbeat()))
                || !DefinitionHash.of(listed.listing().tools()).equals(catalogs.hashes(watched.catalogId()));
    }

    /** The one way to take over a list, which keeps a full one from an empty one; the same check asks for it once. */
    private static SyncTools listAnew(HealthWatched watched, Job job) {
        return new SyncTools(
                watched.catalogId(),
                UUID.nameUUIDFromBytes(job.instance().getBytes(StandardCharsets.UTF_8)),
                watched.serverUrl(),
                watched.headers(),
                watched.credentialId(),
                false);
    }

    private void next(Job done, Job next, Instant at) {
        oneTransaction.run(() -> {
            if (table.overtake(done.due(), at)) {
                effects.at(at, this, next.instance(), next);
            }
        });
    }

    private static SyncRequested asListing(HealthWatched watched, Job job) {
        return new SyncRequested(
                watched.catalogId(),
                UUID.nameUUIDFromBytes(job.instance().getBytes(StandardCharsets.UTF_8)),
                watched.serverUrl(),
                watched.headers(),
                watched.credentialId(),
                false);
    }

    private static String header(HealthWatched watched) {
        return watched.headerName() == null ? "Authorization" : watched.headerName();
    }

    private static String server(HealthWatched watched) {
        return URI.create(watched.serverUrl()).getAuthority();
    }
}
