package dev.claviger.app.keys;

import java.util.ArrayList;
import java.util.List;

/** What to do next about the master keys, in sentences. */
final class Advice {

    private Advice() {}

    static List<String> of(List<MasterKey> keys) {
        List<String> advice = new ArrayList<>();
        for (MasterKey key : keys) {
            if (!key.configured()) {
                advice.add("Master key " + key.id() + " wraps " + secrets(key.liveSecrets())
                        + " and is not configured here: they cannot be opened. Configure it beside the current key, then"
                        + " rotate.");
            } else if (!key.current() && key.needed()) {
                advice.add("Master key " + key.id() + " still wraps " + secrets(key.liveSecrets())
                        + (key.wrapsFingerprintKey() ? " and the key of the fingerprints" : "")
                        + ". Rotate, and nothing needs it any more.");
            } else if (!key.current()) {
                advice.add("Nothing needs master key " + key.id()
                        + " any more: take it out of the configuration of every node. Backups made before the rotation"
                        + " stay readable to whoever has the key, until you destroy the key itself.");
            }
        }
        if (keys.size() == 1) {
            advice.add("To rotate, put a new key before this one in claviger.vault.master-keys on every node, restart"
                    + " them, and come back. A node that does not know the new key cannot open what is rotated to it.");
        }
        return List.copyOf(advice);
    }

    private static String secrets(long number) {
        return number == 1 ? "1 live secret" : number + " live secrets";
    }
}
