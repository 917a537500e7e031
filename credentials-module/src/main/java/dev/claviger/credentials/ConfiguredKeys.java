package dev.claviger.credentials;

import dev.claviger.credentials.kms.KmsRefused;
import dev.claviger.credentials.kms.KmsUnreachable;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every master key that is configured, local ones and those of key management services, which it keeps renewed. */
final class ConfiguredKeys implements MasterKeys, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ConfiguredKeys.class);
    private static final int TRIES = 3;

    /** One reference: a local one may name several keys. */
    sealed interface Source {

        record Local(LocalMasterKeys keys) implements Source {}

        record Service(KmsMasterKey key) implements Source {}
    }

    private final List<Source> sources;
    private final Map<String, MasterKey> keys = new LinkedHashMap<>();
    private final Map<String, KmsMasterKey> services = new LinkedHashMap<>();
    private @Nullable ScheduledExecutorService renewal;

    /** @param sources at least one; the first is current */
    ConfiguredKeys(List<Source> sources) {
        this.sources = List.copyOf(sources);
        for (Source source : sources) {
            if (source instanceof Source.Local local) {
                local.keys().all().forEach(key -> keys.putIfAbsent(key.id(), key));
            } else if (source instanceof Source.Service service) {
                MasterKey key = service.key().key();
                keys.put(key.id(), key);
                services.put(key.id(), service.key());
            }
        }
    }

    @Override
    public MasterKey current() {
        return all().get(0);
    }

    @Override
    public List<MasterKey> all() {
        return List.copyOf(keys.values());
    }

    @Override
    public Optional<MasterKey> byId(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    @Override
    public State stateOf(MasterKey key) {
        KmsMasterKey service = services.get(key.id());
        return service == null ? State.FOR_EVER : service.state();
    }

    @Override
    public void checkCurrentLasts(Duration enough) {
        KmsMasterKey service = services.get(current().id());
        if (service != null) {
            service.checkLasts(enough);
        }
    }

    /** Whether we made the current key ourselves. */
    boolean generatedLocally() {
        return sources.get(0) instanceof Source.Local local && local.keys().generatedLocally();
    }

    /**
     * Tries every key of a service, and begins to renew them. One that is needed, not current and only out of reach now is
     * tried again in the background; of the current one nothing less than success is enough.
     */
    @Override
    public void open(Predicate<String> stillNeeded) {
        for (MasterKey key : keys.values()) {
            KmsMasterKey service = services.get(key.id());
            if (service != null) {
                open(key, service, stillNeeded);
            }
        }
        if (!services.isEmpty()) {
            renewal = Executors.newScheduledThreadPool(services.size(), work -> {
                Thread thread = new Thread(work, "claviger-master-keys");
                thread.setDaemon(true);
                return thread;
            });
            for (KmsMasterKey key : services.values()) {
                renewal.scheduleWithFixedDelay(() -> tick(key), 1, 1, TimeUnit.SECONDS);
            }
        }
    }

    private void open(MasterKey key, KmsMasterKey service, Predicate<String> stillNeeded) {
        boolean isCurrent = key.id().equals(current().id());
        try {
            open(service, isCurrent);
        } catch (GeneralSecurityException e) {
            boolean away = e instanceof KmsUnreachable;
            boolean needed = isCurrent || stillNeeded.test(key.id());
            if (isCurrent || (needed && !away)) {
                throw new IllegalStateException(
                        "The master key " + key.reference() + " (claviger.vault.master-keys) "
                                + (away ? "cannot be reached" : "cannot be used") + ". Cause: " + said(e) + ". "
                                + (isCurrent
                                        ? "See to it, or put another key first in claviger.vault.master-keys."
                                        : "Secrets are still sealed under it; see to it, or move them to another key"
                                                + " where it can be used."),
                        e);
            }
            log.warn(
                    "The master key {} cannot be used now: {}. {}",
                    key.reference(),
                    said(e),
                    needed
                            ? "What is sealed under it cannot be opened until its service answers."
                            : "Nothing is sealed under it; take it out of claviger.vault.master-keys if it is gone.");
        }
    }

    private static void open(KmsMasterKey key, boolean tryOut) throws GeneralSecurityException {
        for (int attempt = 1; ; attempt++) {
            try {
                key.renew();
                if (tryOut) {
                    key.tryOut();
                }
                return;
            } catch (KmsUnreachable e) {
                if (attempt == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** Of anything but our own exceptions the message is not repeated: it might tell of what was read. */
    private static String said(GeneralSecurityException e) {
        return e instanceof KmsUnreachable || e instanceof KmsRefused
                ? String.valueOf(e.getMessage())
                : "what is stored was not wrapped by this key, or has been tampered with";
    }

    /** A schedule ends with the first exception that escapes. */
    private static void tick(KmsMasterKey key) {
        try {
            key.tick();
        } catch (RuntimeException e) {
            log.error("A master key could not be renewed", e);
        }
    }

    /** What each configured key is in trouble for, in sentences, from memory. */
    List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        for (MasterKey key : keys.values()) {
            State state = stateOf(key);
            if (!state.usable()) {
                troubles.add("The master key " + key.reference() + " cannot be used, and nothing under it be opened or"
                        + " sealed, until its key management service answers: " + state.trouble() + ".");
            } else if (state.trouble() != null) {
                troubles.add("The key management service of the master key " + key.reference() + " does not answer: "
                        + state.trouble() + ". Secrets can be used until " + state.usableUntil() + ".");
            }
        }
        return troubles;
    }

    @Override
    public void close() {
        if (renewal != null) {
            renewal.shutdownNow();
        }
    }
}
