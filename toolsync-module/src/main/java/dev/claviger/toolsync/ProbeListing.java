package dev.claviger.toolsync;

import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.api.HealthEvent.HealthWatched;
import dev.claviger.toolsync.api.HealthQuery.Proof;
import dev.claviger.toolsync.api.HealthQuery.Sight;
import dev.claviger.toolsync.protocol.DualEraTransport;
import dev.claviger.toolsync.protocol.Forbidden;
import dev.claviger.toolsync.protocol.Limits;
import dev.claviger.toolsync.protocol.McpConnection;
import dev.claviger.toolsync.protocol.McpTarget;
import dev.claviger.toolsync.protocol.McpTransport;
import dev.claviger.toolsync.protocol.Unauthorized;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Finds out whether a server's listing tells a good credential from a bad one: asks for the tools without a credential, and
 * with one that nobody gave out. Some servers list to everybody, and some to everybody who shows anything.
 */
@Component
class ProbeListing {

    private final McpTransport transport;
    private final Catalogs catalogs;
    private final HealthSettings settings;
    private final Clock clock;
    private final Duration timeLimit;

    ProbeListing(
            OutboundClient client,
            Catalogs catalogs,
            HealthSettings settings,
            Clock clock,
            @Value("${claviger.toolsync.time-limit:PT60S}") Duration timeLimit) {
        this.transport = new DualEraTransport(client);
        this.catalogs = catalogs;
        this.settings = settings;
        this.clock = clock;
        this.timeLimit = timeLimit;
    }

    /** @param tools how many the server listed to the credential itself */
    Proof of(HealthWatched watched, int tools) {
        Sight without = look(watched, null);
        Sight withWrong = settings.wrongCredential() ? look(watched, wrong(watched)) : Sight.NOT_TRIED;
        Sight telling = withWrong == Sight.NOT_TRIED ? without : withWrong;
        boolean proves = telling == Sight.REFUSED || telling == Sight.EMPTY && tools > 0;
        return new Proof(without, withWrong, proves, clock.instant());
    }

    private Sight look(HealthWatched watched, @Nullable FreshCredential credential) {
        McpTarget target = new McpTarget(URI.create(watched.serverUrl()), watched.headers(), credential);
        try (McpConnection connection =
                transport.connect(target, Limits.within(timeLimit), catalogs.knownWay(watched.catalogId()))) {
            connection.open();
            return connection.listTools().tools().isEmpty() ? Sight.EMPTY : Sight.LISTED;
        } catch (Unauthorized | Forbidden | Refused | Untrusted e) {
            return Sight.REFUSED;
        } catch (Unreachable e) {
            return Sight.UNKNOWN;
        }
    }

    /** Says what it is to whoever reads the server's log. */
    private static FreshCredential wrong(HealthWatched watched) {
        String value = "claviger-health-probe-" + UUID.randomUUID();
        return watched.headerName() == null
                ? new FreshCredential(watched.credentialId(), "Authorization", Secret.of("Bearer " + value), 0, null)
                : new FreshCredential(watched.credentialId(), watched.headerName(), Secret.of(value), 0, null);
    }
}
