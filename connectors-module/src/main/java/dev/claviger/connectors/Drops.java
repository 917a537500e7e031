package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorDetail;
import dev.claviger.connectors.api.ConnectorSettings;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.oauth.api.OAuthSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a change of settings would drop, so that the admin can be asked first. */
final class Drops {

    private Drops() {}

    /**
     * The stored client secret, where it still belongs to the client of the new settings: sent to no other server than the
     * one it was entered for.
     */
    static @Nullable SecretRef keptClientSecret(ConnectorSettings now, ConnectorSettings then) {
        OAuthSettings before = now.oauth();
        OAuthSettings after = then.oauth();
        boolean fits = then.authType() == AuthType.OAUTH
                && now.url().equals(then.url())
                && Objects.equals(before.clientId(), after.clientId())
                && Objects.equals(before.authorizationEndpoint(), after.authorizationEndpoint())
                && Objects.equals(before.tokenEndpoint(), after.tokenEndpoint());
        return fits ? before.clientSecret() : null;
    }

    /**
     * In sentences; empty when nothing is lost.
     *
     * @param choosers number of agents whose choice of tools goes with the change
     */
    static List<String> of(ConnectorDetail connector, ConnectorEntry entry, int choosers) {
        ConnectorSettings now = connector.settings();
        ConnectorSettings then = entry.settings(null);
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
        if (now.oauth().clientSecret() != null
                && entry.clientSecret().isBlank()
                && keptClientSecret(now, then) == null) {
            drops.add("The stored client secret goes: it belongs to the old client and address.");
        }
        return drops;
    }

    /** Whether the connections made with the settings of now end with the change. */
    static boolean endsConnections(ConnectorSettings now, ConnectorEntry entry) {
        ConnectorSettings then = entry.settings(keptClientSecret(now, entry.settings(null)));
        return new SettingsChange(now, then).endsConnections()
                || then.authType() == AuthType.OAUTH && !entry.clientSecret().isBlank();
    }
}
