package dev.claviger.connectors;

import dev.claviger.connectors.OAuthSecrets.Place;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a change of settings would drop, so that the admin can be asked first. */
final class Drops {

    private Drops() {}

    /**
     * In sentences; empty when nothing is lost.
     *
     * @param choosers number of agents whose choice of tools goes with the change
     */
    static List<String> of(ConnectorDetail connector, ConnectorEntry entry, int choosers) {
        ConnectorSettings now = connector.settings();
        OAuthSecrets kept = OAuthSecrets.kept(now, entry);
        ConnectorSettings then = entry.foreseen(kept);
        List<String> drops = new ArrayList<>();
        int live = connector.row().liveConnections();
        if (live > 0 && endsConnections(now, entry)) {
            drops.add(
                    now.mode() == CredentialMode.PER_AGENT
                            ? "The connections of " + Words.count(live, "agent")
                                    + " end and their credentials are revoked; each must connect again."
                            : now.authType() == AuthType.NONE
                                    ? "The connection ends; a new one follows."
                                    : now.authType() == AuthType.OAUTH
                                            ? "The connection ends and its credential is revoked."
                                            : "The connection ends and its stored "
                                                    + (now.authType() == AuthType.BEARER ? "token" : "key")
                                                    + " is destroyed: enter it again to stay connected.");
        }
        if (connector.pendingConnection() != null && endsConnections(now, entry)) {
            drops.add("The attempt to connect that is under way is given up.");
        }
        int tools = connector.row().toolCount();
        if (tools > 0 && !now.url().equals(then.url())) {
            drops.add("The " + Words.count(tools, "known tool") + " of the old address " + (tools == 1 ? "is" : "are")
                    + " forgotten and listed again from the new one.");
        }
        if (choosers > 0) {
            drops.add("The choice of tools of " + Words.count(choosers, "agent")
                    + " is forgotten: the tools of the new address must be chosen again.");
        }
        // Not those that others replace: whoever types a secret means it.
        Set<Place> left = OAuthSecrets.of(then.oauth()).stored().keySet();
        for (Place place : OAuthSecrets.of(now.oauth()).stored().keySet()) {
            if (!left.contains(place)) {
                drops.add("The stored " + place.words() + " goes: " + why(place, entry));
            }
        }
        return drops;
    }

    private static String why(Place secret, ConnectorEntry entry) {
        boolean replaced = entry.authType() == AuthType.OAUTH
                && switch (secret) {
                    case CLIENT_SECRET -> !entry.oauth().privateKey().isBlank();
                    case PRIVATE_KEY -> !entry.oauth().clientSecret().isBlank();
                    case IDENTITY_PROVIDER_SECRET, SUBJECT_TOKEN -> false;
                };
        return replaced ? "the client proves itself otherwise now." : "it belongs to the old settings.";
    }

    /** Whether the connections made with the settings of now end with the change. */
    static boolean endsConnections(ConnectorSettings now, ConnectorEntry entry) {
        return new SettingsChange(now, entry.foreseen(OAuthSecrets.kept(now, entry))).endsConnections();
    }
}
