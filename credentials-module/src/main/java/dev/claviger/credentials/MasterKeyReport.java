package dev.claviger.credentials;

import dev.claviger.credentials.MasterKeys.MasterKey;
import dev.claviger.credentials.MasterKeys.State;
import dev.claviger.credentials.api.MasterKeyStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Says of each master key what it is and what hangs on it. */
@Component
class MasterKeyReport implements MasterKeyStatus {

    private final ConfiguredKeys masterKeys;
    private final SealedUnder sealedUnder;
    private final KeyEncryptionKeys stored;

    MasterKeyReport(ConfiguredKeys masterKeys, JdbcClient jdbc) {
        this.masterKeys = masterKeys;
        this.sealedUnder = new SealedUnder(jdbc);
        this.stored = new KeyEncryptionKeys(jdbc);
    }

    @Override
    public boolean generatedLocally() {
        return masterKeys.generatedLocally();
    }

    @Override
    public String description() {
        return masterKeys.current().reference();
    }

    @Override
    public @Nullable Instant inUseSince() {
        return sealedUnder.since(masterKeys.current().id());
    }

    @Override
    public boolean usable() {
        return masterKeys.stateOf(masterKeys.current()).usable();
    }

    @Override
    public List<String> troubles() {
        return masterKeys.troubles();
    }

    @Override
    public List<Key> keys() {
        Map<String, Long> live = sealedUnder.liveSecrets();
        List<Key> keys = new ArrayList<>();
        for (MasterKey key : masterKeys.all()) {
            State state = masterKeys.stateOf(key);
            Long secrets = live.remove(key.id());
            keys.add(new Key(
                    key.id(),
                    key.reference(),
                    keys.isEmpty(),
                    true,
                    state.usable(),
                    state.usableUntil(),
                    state.trouble(),
                    secrets == null ? 0 : secrets));
        }
        if (!live.isEmpty()) {
            Map<String, String> references = stored.references();
            live.forEach((id, secrets) -> keys.add(new Key(
                    id, references.getOrDefault(id, "not configured here"), false, false, false, null, null, secrets)));
        }
        return List.copyOf(keys);
    }
}
