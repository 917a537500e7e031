package dev.claviger.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.CredentialState;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.CredentialUnavailable.Reason;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.MasterKeyUnavailable;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.vault.SecretUnreadable;
import dev.claviger.credentials.vault.Vault;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Opens what was recorded as handed out. Whether a token set is in force is never remembered, only what it says: a sealed
 * secret does not change, so for a few seconds it is not opened again.
 */
@Component
class Opening {

    private static final Logger log = LoggerFactory.getLogger(Opening.class);
    private static final int MOST_REMEMBERED = 20_000;

    private final CredentialTable table;
    private final Vault vault;
    private final Cache<UUID, Secret> opened;
    private final Map<CredentialKind, Counter> handOuts = new EnumMap<>(CredentialKind.class);

    Opening(CredentialTable table, Vault vault, MeterRegistry meters, OpeningSettings settings) {
        this.table = table;
        this.vault = vault;
        this.opened = Caffeine.newBuilder()
                .executor(Runnable::run)
                .maximumSize(settings.keepOpened().isZero() ? 0 : MOST_REMEMBERED)
                .expireAfterWrite(settings.keepOpened())
                // Without it a quiet node would keep what has expired until somebody asks again.
                .scheduler(Scheduler.systemScheduler())
                .build();
        for (CredentialKind kind : CredentialKind.values()) {
            handOuts.put(kind, meters.counter("claviger.credential.handouts", "kind", kind.name()));
        }
    }

    /**
     * The credential of a token set whose use is on record; empty when it went out of force since and was destroyed.
     *
     * @throws CredentialUnavailable when it is in force and does not open, or opens later, because its master key is out of
     *     reach now
     */
    Optional<FreshCredential> open(CredentialRow row) {
        Secret secret;
        try {
            secret = secret(row);
        } catch (MasterKeyUnavailable e) {
            throw later(e);
        } catch (SecretUnreadable e) {
            if (isInForce(row)) {
                throw unreadable(row, e);
            }
            return Optional.empty();
        }
        Objects.requireNonNull(handOuts.get(row.kind())).increment();
        boolean plain = row.kind() == CredentialKind.API_KEY_HEADER;
        return Optional.of(new FreshCredential(
                row.credentialId(),
                plain ? Objects.requireNonNull(row.headerName()) : "Authorization",
                plain ? secret : Secret.of("Bearer " + secret.reveal()),
                row.generation(),
                row.expiresAt()));
    }

    /** For agents, whom our keys do not concern. */
    static CredentialUnavailable later(MasterKeyUnavailable e) {
        return new CredentialUnavailable(
                Reason.TRY_LATER,
                "The key that protects the credentials is out of reach now; try again later",
                e.retryAfter());
    }

    /** For agents, whom our vault does not concern; the log says what an operator has to look at. */
    static CredentialUnavailable unreadable(CredentialRow row, SecretUnreadable e) {
        log.error("{} is in force and cannot be opened: {}", row.credentialId(), e.getMessage());
        return new CredentialUnavailable(
                Reason.NEEDS_CONSENT,
                row.kind() == CredentialKind.OAUTH
                        ? "The stored token cannot be opened any more; connect again"
                        : "The stored token or key cannot be opened any more; enter it again and connect");
    }

    private Secret secret(CredentialRow row) {
        UUID id = row.accessToken().id();
        Secret known = opened.getIfPresent(id);
        if (known != null) {
            return known;
        }
        Secret secret = vault.open(
                row.kind() == CredentialKind.OAUTH ? SecretPurpose.ACCESS_TOKEN : SecretPurpose.STATIC_TOKEN,
                row.accessToken());
        opened.put(id, secret);
        return secret;
    }

    /** How many opened secrets lie in memory. */
    long remembered() {
        return opened.estimatedSize();
    }

    private boolean isInForce(CredentialRow row) {
        return table.find(row.credentialId())
                .filter(now -> now.state() == CredentialState.ACTIVE && now.generation() == row.generation())
                .isPresent();
    }
}
