package dev.claviger.connectors.preflight;

import static dev.claviger.connectors.preflight.Finding.note;
import static dev.claviger.connectors.preflight.Finding.ok;
import static dev.claviger.connectors.preflight.Finding.problem;
import static dev.claviger.connectors.preflight.Finding.warning;

import dev.claviger.connectors.preflight.Finding.Fact;
import dev.claviger.connectors.preflight.Finding.Mender;
import dev.claviger.oauth.api.AuthorizationPreflight.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the authorization request must carry, and what may come of it. */
final class TokenFindings {

    private static final String OFFLINE_ACCESS = "offline_access";

    private TokenFindings() {}

    static List<Finding> of(Server server, List<Providers.Provider> known) {
        List<Finding> findings = new ArrayList<>();
        findings.add(resourceParameter(first(known, Providers.Provider::resource)));
        findings.add(pushedRequests(server));
        findings.add(issParameter(server));
        findings.add(refresh(server, first(known, Providers.Provider::refresh)));
        return findings;
    }

    private static Finding resourceParameter(Providers.@Nullable Resource rule) {
        if (rule == null) {
            return ok("resource-parameter", "No trouble with the parameter resource (RFC 8707) is known here.");
        }
        return switch (rule) {
            case REFUSED ->
                problem(
                        "resource-parameter",
                        Mender.YOU,
                        null,
                        "This authorization server refuses requests with the parameter resource.",
                        "Choose Nothing under Advanced, as what is sent as resource.");
            case AUDIENCE ->
                warning(
                        "resource-parameter",
                        "This authorization server goes by the parameter audience instead of resource.",
                        "If tools are refused after connecting, choose an audience instead of a resource under Advanced.");
            case IGNORED ->
                note(
                        "resource-parameter",
                        "This authorization server ignores the parameter resource: its tokens may be good for more than this"
                                + " server.");
        };
    }

    private static Finding pushedRequests(Server server) {
        return switch (server.pushedRequests()) {
            case REQUIRED ->
                note("pushed-requests", "Authorization requests must be pushed (RFC 9126), which Claviger does.");
            case OFFERED -> ok("pushed-requests", "Authorization requests may be pushed (RFC 9126); they need not be.");
            case NOT_OFFERED -> ok("pushed-requests", "Authorization requests need not be pushed.");
        };
    }

    private static Finding issParameter(Server server) {
        return server.issParameter()
                ? ok("iss-parameter", "Authorization responses name their issuer (RFC 9207).")
                : note(
                        "iss-parameter",
                        "Authorization responses do not name their issuer; Claviger relies on the issuer it recorded.");
    }

    private static Finding refresh(Server server, Providers.@Nullable Refresh rule) {
        List<Fact> facts = new ArrayList<>();
        if (!server.grantTypes().isEmpty()) {
            facts.add(new Fact("grant_types_supported", String.join(" ", server.grantTypes())));
        }
        boolean offlineAccess = server.scopes().contains(OFFLINE_ACCESS);
        if (offlineAccess) {
            facts.add(new Fact("scopes_supported", "has " + OFFLINE_ACCESS));
        }
        return refresh(server, rule, offlineAccess).with(facts);
    }

    private static Finding refresh(Server server, Providers.@Nullable Refresh rule, boolean offlineAccess) {
        if (rule == Providers.Refresh.NONE) {
            return warning(
                    "refresh",
                    "This provider gives no refresh token: somebody must consent again whenever the token ends.",
                    "Connect, and plan to consent again before the end that the connector's page shows.");
        }
        boolean listed = server.grantTypes().contains("refresh_token");
        if (rule == Providers.Refresh.OFFLINE_ACCESS && !offlineAccess) {
            return warning(
                    "refresh",
                    "This provider gives a refresh token only for offline_access, which its metadata does not list.",
                    "Enter the scopes by hand under Advanced, offline_access among them.");
        }
        if (listed || offlineAccess || rule != null) {
            return rule == Providers.Refresh.ROTATING
                    ? ok("refresh", "A refresh token is likely; this provider gives a new one with every use.")
                    : ok("refresh", "A refresh token is likely, so the connection stays alive by itself.");
        }
        return server.grantTypes().isEmpty()
                ? note("refresh", "The metadata does not say whether refresh tokens are given; most servers give them.")
                : warning(
                        "refresh",
                        "The metadata lists no refresh tokens: somebody may have to consent again whenever the token ends.",
                        "Connect, and look at the end of the credential on the connector's page.");
    }

    private static <R> @Nullable R first(
            List<Providers.Provider> known, Function<Providers.Provider, @Nullable R> rule) {
        for (Providers.Provider provider : known) {
            R found = rule.apply(provider);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
