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
                advice.add(
                        "Master key " + key.id() + " wraps nothing. If it is the new key and every node has it, put it"
                                + " first in the list of every node, restart them, then rotate. If it is a former key, take it out of"
                                + " the configuration of every node; backups made before the rotation stay readable to whoever has"
                                + " it, until you destroy the key itself.");
            }
        }
        if (keys.size() == 1) {
            advice.add("To rotate, restart every node twice: first with the new key at the end of"
                    + " claviger.vault.master-keys, and when all have it, with the new key in front; then come back and"
                    + " rotate. A node that does not have the new key cannot open what another has sealed under it. A key"
                    + " from claviger.vault.master-key or master-key-file, or the generated one, is first written into that"
                    + " list, as env: or file:, in their place.");
        }
        return List.copyOf(advice);
    }

    private static String secrets(long number) {
        return number == 1 ? "1 live secret" : number + " live secrets";
    }
}
