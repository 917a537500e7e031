package dev.claviger.toolsync;

import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.RevokedCredentials;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.Listing.RecordProbe;
import dev.claviger.toolsync.api.ToolCatalogEvent.ProbeVerdict;
import dev.claviger.toolsync.api.ToolCatalogEvent.RevokedProbeRequested;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncRequested;
import dev.claviger.toolsync.protocol.Forbidden;
import dev.claviger.toolsync.protocol.Unauthorized;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Lists a server's tools with a credential that was revoked, to see whether the server still takes it. */
@Component
class ProbeRevokedCredential extends Effect<RevokedProbeRequested> {

    /** RFC 6750 section 3.1; some send it with 403. */
    private static final Pattern INVALID_TOKEN = Pattern.compile("\\berror\\s*=\\s*\"?invalid_token\\b");

    private final ListTools listTools;
    private final RevokedCredentials revoked;
    private final CommandGateway commands;

    ProbeRevokedCredential(ListTools listTools, RevokedCredentials revoked, CommandGateway commands) {
        super("toolsync.probe-revoked", RevokedProbeRequested.class, 3, Duration.ofSeconds(2));
        this.listTools = listTools;
        this.revoked = revoked;
        this.commands = commands;
    }

    @Override
    protected UUID attempt(RevokedProbeRequested probe) {
        return probe.credentialId().value();
    }

    @Override
    protected void perform(RevokedProbeRequested probe) {
        Optional<FreshCredential> credential = revoked.forProbe(probe.credentialId());
        if (credential.isEmpty()) {
            record(probe, ProbeVerdict.NOT_ASKED, "Its secrets are destroyed already, so the server was not asked.");
            return;
        }
        try {
            listTools.list(asListing(probe), credential.get());
        } catch (Unauthorized e) {
            record(probe, ProbeVerdict.REFUSED, "The server refused it: " + e.getMessage());
            return;
        } catch (Forbidden e) {
            boolean ofToken = e.challenges().stream()
                    .anyMatch(challenge -> INVALID_TOKEN.matcher(challenge).find());
            record(
                    probe,
                    ofToken ? ProbeVerdict.REFUSED : ProbeVerdict.UNCLEAR,
                    ofToken
                            ? "The server refused it: " + e.getMessage()
                            : "The server's answer says nothing of it, since a missing scope or a firewall gives the same: "
                                    + e.getMessage());
            return;
        } catch (Refused | Untrusted e) {
            record(probe, ProbeVerdict.UNCLEAR, "The server's answer says nothing of it: " + e.getMessage());
            return;
        }
        if (listsToAnybody(probe)) {
            record(
                    probe,
                    ProbeVerdict.LISTS_TO_ANYBODY,
                    "The server lists its tools to anybody, so its answer says nothing of the token.");
        } else {
            record(probe, ProbeVerdict.ACCEPTED, "The server still listed its tools to it.");
        }
    }

    private boolean listsToAnybody(RevokedProbeRequested probe) {
        try {
            listTools.list(asListing(probe), null);
            return true;
        } catch (Unauthorized | Forbidden | Refused | Untrusted e) {
            return false;
        }
    }

    @Override
    protected void giveUp(RevokedProbeRequested probe, RuntimeException cause) {
        record(
                probe,
                ProbeVerdict.UNCLEAR,
                cause instanceof Unreachable
                        ? String.valueOf(cause.getMessage())
                        : "The probe broke on our side; the log has the cause under " + probe.probeId() + ".");
    }

    private void record(RevokedProbeRequested probe, ProbeVerdict verdict, @Nullable String detail) {
        commands.sendAndWait(new RecordProbe(probe.catalogId(), probe.probeId(), verdict, String.valueOf(detail)));
    }

    private static SyncRequested asListing(RevokedProbeRequested probe) {
        return new SyncRequested(
                probe.catalogId(), probe.probeId(), probe.serverUrl(), probe.headers(), probe.credentialId(), false);
    }
}
