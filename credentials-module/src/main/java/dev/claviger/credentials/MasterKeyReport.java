package dev.claviger.credentials;

import dev.claviger.credentials.MasterKeys.MasterKey;
import dev.claviger.credentials.api.MasterKeyStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Says of each master key what it is and what hangs on it. */
@Component
class MasterKeyReport implements MasterKeyStatus {

    private final LocalMasterKeys masterKeys;
    private final JdbcClient jdbc;

    MasterKeyReport(LocalMasterKeys masterKeys, JdbcClient jdbc) {
        this.masterKeys = masterKeys;
        this.jdbc = jdbc;
    }

    @Override
    public boolean generatedLocally() {
        return masterKeys.generatedLocally();
    }

    @Override
    public String description() {
        return masterKeys.description();
    }

    @Override
    public List<Key> keys() {
        Map<String, Long> live = liveSecrets();
        List<Key> keys = new ArrayList<>();
        for (MasterKey key : masterKeys.all()) {
            Long secrets = live.remove(key.id());
            keys.add(new Key(
                    key.id(), key.reference(), keys.isEmpty(), true, true, null, null, secrets == null ? 0 : secrets));
        }
        live.forEach((id, secrets) ->
                keys.add(new Key(id, "not configured here", false, false, false, null, null, secrets)));
        return List.copyOf(keys);
    }

    private Map<String, Long> liveSecrets() {
        Map<String, Long> live = new LinkedHashMap<>();
        jdbc.sql("select key_id, count(*) from credentials.secret where shredded_at is null group by key_id order by 1")
                .query(row -> {
                    live.put(row.getString(1), row.getLong(2));
                });
        return live;
    }
}
