package dev.claviger.connectors;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Identification;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose account is expected in each slot of a connector, and which attempts wait because they brought another. */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
final class Expectations {

    /** An attempt that waits for an admin. */
    record Held(Identification found, boolean toolsKnown) {}

    // Not final: Jackson does not write final fields when a snapshot is read back.
    private Map<String, Account> former = new LinkedHashMap<>();
    private Map<String, String> named = new LinkedHashMap<>();
    private Map<String, Held> held = new HashMap<>();

    /** Whether it may take its place: silence is no reason to doubt, something that cannot be believed is. */
    boolean fits(@Nullable AgentId agentId, Identification found) {
        String name = named(agentId);
        Account before = former(agentId);
        Account account = found.account();
        if (account == null) {
            return !found.doubted() || (name == null && before == null);
        }
        return name != null ? account.isCalled(name) : before == null || account.isSameAs(before);
    }

    /** What an admin said; it counts for more than the connection before. */
    @Nullable
    String named(@Nullable AgentId agentId) {
        return named.get(Slots.slot(agentId));
    }

    /** That of the connection before. */
    @Nullable
    Account former(@Nullable AgentId agentId) {
        return former.get(Slots.slot(agentId));
    }

    @Nullable
    Held held(ConnectionId attempt) {
        return held.get(attempt.toString());
    }

    void hold(ConnectionId attempt, Held how) {
        held.put(attempt.toString(), how);
    }

    void release(ConnectionId attempt) {
        held.remove(attempt.toString());
    }

    void remember(@Nullable AgentId agentId, @Nullable Account account) {
        if (account != null) {
            former.put(Slots.slot(agentId), account);
        }
    }

    /** Null: whoever comes next is right. */
    void expect(@Nullable AgentId agentId, @Nullable String name) {
        String slot = Slots.slot(agentId);
        if (name == null) {
            named.remove(slot);
            former.remove(slot);
        } else {
            named.put(slot, name);
        }
    }

    void forgetAll() {
        former.clear();
        named.clear();
    }
}
