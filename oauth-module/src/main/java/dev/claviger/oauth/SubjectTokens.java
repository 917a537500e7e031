package dev.claviger.oauth;

import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.vault.Shredder;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.AuthorizationOutcome.RecordSubjectToken;
import dev.claviger.oauth.api.AuthorizationEvent.SubjectTokenRotated;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.protocol.ExchangeAnswer;
import dev.claviger.oauth.protocol.ExchangeAnswer.NotGiven;
import dev.claviger.oauth.protocol.TokenAnswer.Denied;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The refresh tokens of an identity provider, which it may rotate with each exchange: one exchange at a time for each that
 * an admin entered, however many connections share it, and what came instead of it.
 */
@Component
@ProcessingGroup("oauth-state")
class SubjectTokens {

    /** Longer than an exchange can take. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);

    private record Held(SecretRef inForce, boolean inDoubt) {}

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Vault vault;
    private final Shredder shredder;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;

    SubjectTokens(
            JdbcClient jdbc,
            JsonMapper json,
            Vault vault,
            Shredder shredder,
            OneTransaction oneTransaction,
            CommandGateway commands) {
        this.jdbc = jdbc;
        this.json = json;
        this.vault = vault;
        this.shredder = shredder;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
    }

    /**
     * Exchanges the token now in force, while nobody else does. A lost answer may have been the one that replaced it, so it
     * is remembered until an assertion comes: a refusal after it is told as what it may be.
     *
     * @param exchange makes one exchange, and replaces the token where another came
     * @throws Unreachable when others have it for too long
     */
    ExchangeAnswer alone(SecretRef entered, Function<SecretRef, ExchangeAnswer> exchange) {
        String owner = UUID.randomUUID().toString();
        Held held = await(entered, owner);
        // Whatever breaks between here and an answer leaves the doubt.
        String doubt = "coalesce(in_doubt_since, now())";
        try {
            ExchangeAnswer answer = exchange.apply(held.inForce());
            if (!(answer instanceof NotGiven refused)) {
                doubt = "null";
                return answer;
            }
            doubt = refused.answer() instanceof Denied ? "in_doubt_since" : doubt;
            return new NotGiven(refused.answer(), held.inDoubt());
        } catch (Unreachable e) {
            doubt = e.answerMayBeLost() ? doubt : "in_doubt_since";
            throw e;
        } finally {
            jdbc.sql("update oauth.subject_token set lease_owner = null, lease_until = null, in_doubt_since = " + doubt
                            + " where entered_id = :id and lease_owner = :owner")
                    .param("id", entered.id())
                    .param("owner", owner)
                    .update();
        }
    }

    private Held await(SecretRef entered, String owner) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<Held> held = take(entered, owner);
            if (held.isPresent()) {
                return held.get();
            }
            if (System.nanoTime() - end >= 0) {
                throw new Unreachable("Another connection is using the same identity token just now.", false, PATIENCE);
            }
            pause();
        }
    }

    /** A lease that ran out was held by a process that died before it could write down an answer. */
    private Optional<Held> take(SecretRef entered, String owner) {
        return jdbc.sql("""
                        insert into oauth.subject_token as t (entered_id, lease_owner, lease_until)
                        values (:id, :owner, now() + make_interval(secs => :seconds))
                        on conflict (entered_id) do update
                           set lease_owner = excluded.lease_owner, lease_until = excluded.lease_until,
                               in_doubt_since = case when t.lease_owner is null then t.in_doubt_since
                                                     else coalesce(t.in_doubt_since, t.lease_until) end
                         where t.lease_until is null or t.lease_until < now()
                        returning t.in_force, t.in_doubt_since is not null""")
                .param("id", entered.id())
                .param("owner", owner)
                .param("seconds", LEASE.toSeconds())
                .query((row, n) -> new Held(orEntered(row.getString(1), entered), row.getBoolean(2)))
                .optional();
    }

    private SecretRef orEntered(@Nullable String inForce, SecretRef entered) {
        return inForce == null ? entered : json.readValue(inForce, SecretRef.class);
    }

    /** The one before may be spent, so a database that blinks must not cost us the new one. */
    void replace(AuthorizationId askedFor, SecretRef entered, Secret subject) {
        oneTransaction.runWithPatience(() -> commands.sendAndWait(
                new RecordSubjectToken(askedFor, entered, vault.seal(SecretPurpose.SUBJECT_TOKEN, subject))));
    }

    @EventHandler
    void on(SubjectTokenRotated event) {
        successor(event.entered())
                .ifPresent(former -> shredder.shred(former, "the identity provider gave another in its place"));
        jdbc.sql("""
                        insert into oauth.subject_token (entered_id, in_force) values (:id, cast(:inForce as jsonb))
                        on conflict (entered_id) do update set in_force = excluded.in_force""")
                .param("id", event.entered().id())
                .param("inForce", json.writeValueAsString(event.inForce()))
                .update();
    }

    /** Destroys what came instead of a token that is destroyed itself. In the caller's transaction. */
    void forget(SecretRef entered, @Nullable String askedBy) {
        successor(entered)
                .ifPresent(last ->
                        shredder.shred(last, "the identity token in whose place it came was destroyed", askedBy));
        jdbc.sql("delete from oauth.subject_token where entered_id = ?")
                .param(entered.id())
                .update();
    }

    private Optional<SecretRef> successor(SecretRef entered) {
        return jdbc.sql("select in_force from oauth.subject_token where entered_id = ? and in_force is not null")
                .param(entered.id())
                .query((row, n) -> json.readValue(row.getString(1), SecretRef.class))
                .optional();
    }

    private static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for an identity token", e);
        }
    }
}
