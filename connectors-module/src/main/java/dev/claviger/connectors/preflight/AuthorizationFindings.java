package dev.claviger.connectors.preflight;

import static dev.claviger.connectors.preflight.Finding.note;
import static dev.claviger.connectors.preflight.Finding.ok;
import static dev.claviger.connectors.preflight.Finding.problem;

import dev.claviger.connectors.preflight.Finding.Fact;
import dev.claviger.connectors.preflight.Finding.Mender;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.oauth.api.AuthorizationPreflight.Challenge;
import dev.claviger.oauth.api.AuthorizationPreflight.Document;
import dev.claviger.oauth.api.AuthorizationPreflight.Resource;
import dev.claviger.oauth.api.AuthorizationPreflight.Seen;
import dev.claviger.oauth.api.AuthorizationPreflight.Server;
import dev.claviger.oauth.api.OAuthSettings.IssuerException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a credential is wanted, and the way from the challenge to the metadata of the authorization server. */
final class AuthorizationFindings {

    private static final String KEY = "Get a token or an API key from the provider and create the connector with it.";

    private static final int LONGEST = 200;

    private AuthorizationFindings() {}

    static List<Finding> of(Ways way, Seen seen) {
        List<Finding> findings = new ArrayList<>();
        findings.add(wanted(way, seen));
        if (way != Ways.OAUTH) {
            return findings;
        }
        Resource resource = seen.resource();
        Server server = seen.server();
        if (resource != null) {
            findings.add(resource(resource, seen));
            if (resource.match() != Resource.Match.MISMATCH
                    && !resource.authorizationServers().isEmpty()) {
                findings.add(authorizationServers(resource));
            }
        } else if (server != null) {
            findings.add(note(
                            "resource-metadata",
                            "The server publishes no protected resource metadata; its own origin is taken as authorization server,"
                                    + " as MCP 2025-03-26 had it.")
                    .with(documents(seen, true)));
        }
        Failure failure = seen.failure();
        if (server != null) {
            findings.add(ok("server-metadata", "The authorization server publishes its metadata.")
                    .with(documents(seen, false)));
        }
        if (seen.mismatch() != null) {
            findings.add(mismatch(seen.mismatch()));
        }
        if (server != null) {
            if (seen.mismatch() == null) {
                findings.add(ok("issuer", "The metadata names the very issuer under which it was found, byte for byte.")
                        .with(List.of(new Fact("Issuer", server.issuer()))));
            }
            findings.add(ok("pkce", "PKCE with S256 is offered."));
        } else if (failure != null && failure.code() != FailureCode.RESOURCE_MISMATCH) {
            findings.add(failed(failure).with(documents(seen, false)));
        }
        return findings;
    }

    private static Finding mismatch(IssuerException pair) {
        return problem(
                        "issuer",
                        Mender.YOU,
                        FailureCode.ISSUER_MISMATCH,
                        "The metadata names another issuer than the one it was asked for.",
                        "Ask the provider whether that is meant so; if it is, connect, and accept this very pair where the"
                                + " connection stops.")
                .with(List.of(
                        new Fact("Asked for", shortened(pair.expected())),
                        new Fact("Named", shortened(pair.published()))));
    }

    private static String shortened(String issuer) {
        return issuer.length() <= LONGEST ? issuer : issuer.substring(0, LONGEST) + "…";
    }

    private static Finding wanted(Ways way, Seen seen) {
        List<Fact> facts = facts(seen);
        return switch (way) {
            case NOTHING ->
                ok("authorization", "Nobody asks for a credential; single tools may still want one.")
                        .with(facts);
            case KEY ->
                problem(
                                "authorization",
                                Mender.YOU,
                                seen.failure() == null ? null : FailureCode.NO_AUTHORIZATION_SERVER,
                                switch (seen.status()) {
                                    case 401 -> "The server asks for a credential and names no authorization server.";
                                    case 403 ->
                                        "The server lets nobody in without a credential and does not say which.";
                                    default ->
                                        "Tools are used with a token or a key, and no authorization server is named.";
                                },
                                KEY)
                        .with(facts);
            case OAUTH ->
                (seen.status() == 401
                                ? seen.challenge() == null
                                        ? note(
                                                "authorization",
                                                "The server asks for a credential, but without an OAuth challenge.")
                                        : ok("authorization", "The server asks for an OAuth token.")
                                : note(
                                        "authorization",
                                        "The server lets everybody speak to it, and publishes where to get a token."))
                        .with(facts);
        };
    }

    private static List<Fact> facts(Seen seen) {
        List<Fact> facts = new ArrayList<>();
        if (seen.status() != 0) {
            facts.add(new Fact("Answer without a credential", "HTTP " + seen.status()));
        }
        if (!seen.schemes().isEmpty()) {
            facts.add(new Fact("Schemes", String.join(", ", seen.schemes())));
        }
        Challenge challenge = seen.challenge();
        if (challenge != null) {
            add(facts, "resource_metadata", challenge.resourceMetadata());
            add(facts, "scope", challenge.scope());
        }
        return facts;
    }

    private static Finding resource(Resource resource, Seen seen) {
        return switch (resource.match()) {
            case VERBATIM ->
                ok("resource-metadata", "The protected resource metadata is about this very URL.")
                        .with(facts(resource, seen));
            case PARENT ->
                note(
                                "resource-metadata",
                                "The protected resource metadata is about a parent of this URL, as many servers publish it.")
                        .with(facts(resource, seen));
            case MISMATCH ->
                problem(
                                "resource-metadata",
                                Mender.PROVIDER,
                                FailureCode.RESOURCE_MISMATCH,
                                "The protected resource metadata is about another resource than this URL.",
                                "Check the URL; if it is right, the server's operator must correct \"resource\" in its metadata.")
                        .with(documents(seen, true));
        };
    }

    private static List<Fact> facts(Resource resource, Seen seen) {
        List<Fact> facts = new ArrayList<>(documents(seen, true));
        facts.add(new Fact("resource", resource.resource()));
        if (!resource.scopes().isEmpty()) {
            facts.add(new Fact("scopes_supported", String.join(" ", resource.scopes())));
        }
        return facts;
    }

    private static Finding authorizationServers(Resource resource) {
        List<Fact> facts = resource.authorizationServers().stream()
                .map(issuer -> new Fact("Issuer", issuer))
                .toList();
        return (facts.size() == 1
                        ? ok("authorization-servers", "One authorization server is named.")
                        : note(
                                "authorization-servers",
                                facts.size()
                                        + " authorization servers are named; the first that publishes metadata is taken."))
                .with(facts);
    }

    /** What discovery ended with; the words of the failure are ours and say what to do where we know no better. */
    private static Finding failed(Failure failure) {
        String said = TransportFindings.sentence(failure);
        return switch (failure.code()) {
            case ISSUER_MISMATCH ->
                problem(
                        "issuer",
                        Mender.PROVIDER,
                        failure.code(),
                        said,
                        "Tell the server's operator: whoever can answer under this name could otherwise take your consent.");
            case PKCE_NOT_SUPPORTED ->
                problem(
                        "pkce",
                        Mender.PROVIDER,
                        failure.code(),
                        said,
                        "Ask whether the provider also gives tokens or API keys, and use one of those until its metadata offers"
                                + " S256.");
            case NO_AUTHORIZATION_SERVER -> problem("server-metadata", Mender.YOU, failure.code(), said, KEY);
            case SERVER_UNREACHABLE ->
                problem(
                        "server-metadata",
                        Mender.PROVIDER,
                        failure.code(),
                        said,
                        "Try again later; if it stays so, tell the server's operator.");
            default ->
                problem(
                        "server-metadata",
                        Mender.PROVIDER,
                        failure.code(),
                        said,
                        "Tell the server's operator; until it is mended, a token or an API key may be the way.");
        };
    }

    private static List<Fact> documents(Seen seen, boolean ofResource) {
        return seen.documents().stream()
                .filter(document -> document.ofResource() == ofResource)
                .map(document -> new Fact(answer(document), document.url()))
                .toList();
    }

    private static String answer(Document document) {
        if (document.status() == 0) {
            return "No answer";
        }
        return "HTTP " + document.status() + (document.page() ? ", a page for people" : "");
    }

    private static void add(List<Fact> facts, String name, @Nullable String value) {
        if (value != null) {
            facts.add(new Fact(name, value));
        }
    }
}
