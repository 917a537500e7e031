package dev.claviger.connectors.preflight;

import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.oauth.api.AuthorizationPreflight;
import dev.claviger.toolsync.api.TransportPreflight;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Looks at a server as a connection would and leaves nothing there: no client is registered, no token asked for. Safe for
 * several threads.
 */
public final class Preflight {

    /** For all requests of one preflight together. */
    public static final Duration TIME_LIMIT = Duration.ofSeconds(25);

    private static final Duration TRANSPORT = Duration.ofSeconds(12);

    private final OutboundClient client;
    private final String publicUrl;
    private final Clock clock;
    private final Providers providers = Providers.known();

    private Preflight(OutboundClient client, String publicUrl, Clock clock) {
        this.client = client;
        this.publicUrl = publicUrl;
        this.clock = clock;
    }

    /** @param publicUrl as {@code claviger.public-url} */
    public static Preflight with(OutboundClient client, String publicUrl, Clock clock) {
        return new Preflight(client, publicUrl, clock);
    }

    /** Blocks for at most {@link #TIME_LIMIT} and a little. */
    public PreflightReport run(String url) {
        return run(url, report -> {});
    }

    /** @param soFar is given what is found until now, without a verdict, as often as there is more */
    public PreflightReport run(String url, Consumer<PreflightReport> soFar) {
        Instant at = clock.instant();
        OutboundClient hurried = new HurriedClient(client, TIME_LIMIT);
        List<Finding> findings = new ArrayList<>();

        TransportPreflight.Seen transport = TransportPreflight.with(hurried).look(url, TRANSPORT);
        findings.addAll(TransportFindings.of(url, transport));
        if (!TransportFindings.isAnswered(transport)) {
            findings.addAll(ProviderFindings.of(providers.of(url, null)));
            return PreflightReport.whole(url, at, "oauth", findings);
        }
        soFar.accept(PreflightReport.soFar(url, at, findings));

        AuthorizationPreflight.Seen authorization =
                AuthorizationPreflight.with(hurried, publicUrl).look(url);
        List<Providers.Provider> known = providers.of(url, authorization.server());
        Ways way = Ways.of(transport, authorization, known);
        findings.addAll(AuthorizationFindings.of(way, authorization));
        if (way == Ways.OAUTH && authorization.server() != null) {
            findings.addAll(ClientFindings.of(authorization.server(), authorization, known));
            findings.addAll(TokenFindings.of(authorization.server(), known));
        }
        findings.addAll(ProviderFindings.of(known));
        return PreflightReport.whole(url, at, way.authType(known), findings);
    }
}
