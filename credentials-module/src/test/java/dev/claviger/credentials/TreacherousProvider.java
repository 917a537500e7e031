package dev.claviger.credentials;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.RefreshFailure;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.vault.RefreshOutcome;
import dev.claviger.credentials.vault.TokenRefresher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rotates refresh tokens and ends a grant whose old one comes again, or gives the same answer to it once more; loses answers, asks for
 * pauses, and is there when a node dies or loses its lease in the middle. Keeps account of every token it was shown.
 */
final class TreacherousProvider implements TokenRefresher {

    private static final class Grant {
        final boolean forgiving;
        String current;
        String former = "";
        boolean dead;
        int count;
        RefreshOutcome last = new RefreshOutcome.Rejected("invalid_grant", null);

        Grant(boolean forgiving, String current) {
            this.forgiving = forgiving;
            this.current = current;
        }
    }

    private final JdbcClient jdbc;
    private final Random random;
    private final Map<CredentialId, Grant> grants = new ConcurrentHashMap<>();
    private final Map<String, Integer> shown = new ConcurrentHashMap<>();
    private final Map<String, Integer> excused = new ConcurrentHashMap<>();
    private final Map<CredentialId, Boolean> lost = new ConcurrentHashMap<>();
    private final CountDownLatch afterwards = new CountDownLatch(1);
    private volatile boolean behaved;

    TreacherousProvider(DataSource database, Random random) {
        this.jdbc = JdbcClient.create(database);
        this.random = random;
    }

    /** The first refresh token of a new grant. */
    String begin(CredentialId id) {
        String first = "refresh-" + id.value() + "-0";
        grants.put(id, new Grant(chance(2), first));
        return first;
    }

    /** From now on every answer arrives. */
    void behave() {
        behaved = true;
    }

    /** Nodes that died in the middle come back and say what they know. */
    void releaseTheDead() {
        afterwards.countDown();
    }

    boolean hasLostAnswersOf(CredentialId id) {
        return lost.containsKey(id);
    }

    /** Refresh tokens that were sent more often than lost answers explain. */
    List<String> askedTwiceForNothing() {
        return shown.entrySet().stream()
                .filter(token -> token.getValue() > 1 + excused.getOrDefault(token.getKey(), 0))
                .map(Map.Entry::toString)
                .toList();
    }

    @Override
    public RefreshOutcome refresh(CredentialId id, @Nullable Secret refreshToken) {
        String token = Objects.requireNonNull(refreshToken).reveal();
        int mood = behaved ? 99 : draw(20);
        if (mood == 0) {
            return new RefreshOutcome.Failed(RefreshFailure.THROTTLED, "busy", false, Duration.ofMillis(30));
        }
        if (mood == 1) {
            return new RefreshOutcome.Failed(RefreshFailure.TRANSIENT, "refused the connection", false, null);
        }
        RefreshOutcome truth = truth(Objects.requireNonNull(grants.get(id)), id, token);
        rest(draw(40));
        return switch (mood) {
            case 2 -> {
                lose(id, token);
                yield new RefreshOutcome.Failed(RefreshFailure.TRANSIENT, "the answer broke off", true, null);
            }
            case 3 -> {
                lose(id, token);
                expireLease(id, token);
                await();
                yield truth;
            }
            case 4 -> {
                lose(id, token);
                expireLease(id, token);
                rest(30);
                yield truth;
            }
            default -> truth;
        };
    }

    private RefreshOutcome truth(Grant grant, CredentialId id, String token) {
        synchronized (grant) {
            shown.merge(token, 1, Integer::sum);
            if (grant.forgiving && token.equals(grant.former)) {
                return grant.last;
            }
            if (grant.dead || !token.equals(grant.current)) {
                grant.dead = true;
                return new RefreshOutcome.Rejected("invalid_grant", null);
            }
            grant.count++;
            grant.former = token;
            grant.current = "refresh-" + id.value() + "-" + grant.count;
            grant.last = new RefreshOutcome.Refreshed(
                    Secret.of("access-" + id.value() + "-" + grant.count),
                    Secret.of(grant.current),
                    Duration.ofMillis(behaved ? 60_000 : 200 + draw(400)),
                    null,
                    null);
            return grant.last;
        }
    }

    private void lose(CredentialId id, String token) {
        lost.put(id, true);
        excused.merge(token, 1, Integer::sum);
    }

    /** That of the token set with this refresh token; a newer one may be leased to somebody else by now. */
    private void expireLease(CredentialId id, String token) {
        long generation = 1 + Long.parseLong(token.substring(token.lastIndexOf('-') + 1));
        jdbc.sql("""
                        update credentials.credential set lease_until = now() - interval '1 second'
                         where id = :id and generation = :generation""").param("id", id.value()).param("generation", generation).update();
    }

    private void await() {
        try {
            afterwards.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rest(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized int draw(int bound) {
        return random.nextInt(bound);
    }

    private synchronized boolean chance(int in) {
        return random.nextInt(in) == 0;
    }
}
