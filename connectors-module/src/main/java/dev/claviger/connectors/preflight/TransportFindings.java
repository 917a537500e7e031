package dev.claviger.connectors.preflight;

import static dev.claviger.connectors.preflight.Finding.note;
import static dev.claviger.connectors.preflight.Finding.ok;
import static dev.claviger.connectors.preflight.Finding.problem;
import static dev.claviger.connectors.preflight.Finding.warning;

import dev.claviger.connectors.preflight.Finding.Fact;
import dev.claviger.connectors.preflight.Finding.Mender;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.toolsync.api.TransportPreflight.Access;
import dev.claviger.toolsync.api.TransportPreflight.Seen;
import dev.claviger.toolsync.api.TransportPreflight.Spoken;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Address, reachability, transport and tools: what can be said before anything of authorization is known. */
final class TransportFindings {

    private TransportFindings() {}

    /** Whether there is anybody to look at any further. */
    static boolean isAnswered(Seen seen) {
        Failure failure = seen.failure();
        return failure == null
                || switch (failure.code()) {
                    case UNSAFE_ADDRESS, CERTIFICATE_NOT_TRUSTED, MCP_UNREACHABLE -> false;
                    default -> true;
                };
    }

    static List<Finding> of(String url, Seen seen) {
        Failure failure = seen.failure();
        if (failure != null && !isAnswered(seen)) {
            return List.of(unanswered(failure));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(address(url));
        findings.add(
                seen.access() == Access.FORBIDDEN
                        ? warning(
                                "reachable",
                                "The server answers HTTP 403 to somebody without a credential.",
                                "If it stays so with a credential, ask the provider whether it keeps out the address that"
                                        + " Claviger calls from.")
                        : ok("reachable", "The server answers."));
        findings.add(transport(url, seen.spoken(), failure));
        Finding tools = tools(seen);
        if (tools != null) {
            findings.add(tools);
        }
        return findings;
    }

    private static Finding unanswered(Failure failure) {
        return switch (failure.code()) {
            case UNSAFE_ADDRESS ->
                problem(
                        "address",
                        Mender.YOU,
                        failure.code(),
                        sentence(failure),
                        "Check the URL. If the server is your own, let whoever runs Claviger list its host or range in"
                                + " claviger.outbound.allow.");
            case CERTIFICATE_NOT_TRUSTED ->
                problem(
                        "tls",
                        Mender.PROVIDER,
                        failure.code(),
                        sentence(failure),
                        "Check that the URL names the right host; if it does, the server's operator must install a certificate"
                                + " that browsers accept.");
            default ->
                problem(
                        "reachable",
                        Mender.PROVIDER,
                        failure.code(),
                        sentence(failure),
                        "Check host and port of the URL, and try again later if they are right.");
        };
    }

    private static Finding address(String url) {
        return "https".equalsIgnoreCase(URI.create(url).getScheme())
                ? ok(
                        "address",
                        "The connection is encrypted, the certificate is trusted, and the address may be called.")
                : note("address", "Plain http, which the operator of Claviger allows for this loopback address only.");
    }

    private static Finding transport(String url, @Nullable Spoken spoken, @Nullable Failure failure) {
        if (spoken != null) {
            Fact[] facts = facts(spoken);
            return switch (spoken.way()) {
                case MODERN -> ok("transport", "The server speaks Streamable HTTP without sessions.", facts);
                case LEGACY -> ok("transport", "The server speaks Streamable HTTP with a handshake.", facts);
                case HTTP_SSE ->
                    warning(
                            "transport",
                            "The server speaks only the old HTTP+SSE transport, which providers are switching off.",
                            "Look in the provider's documentation for a newer URL; it often ends in /mcp instead of /sse.",
                            facts);
            };
        }
        if (failure != null) {
            boolean theirs = failure.code() == FailureCode.MCP_VERSION_UNSUPPORTED
                    || failure.code() == FailureCode.LIMIT_EXCEEDED;
            return problem(
                    "transport",
                    theirs ? Mender.PROVIDER : Mender.YOU,
                    failure.code(),
                    sentence(failure),
                    theirs
                            ? "Ask the provider for a server that keeps to the MCP specification."
                            : "Check the path of the URL: the address answers, but not as an MCP server does.");
        }
        return URI.create(url).getPath().toLowerCase(Locale.ROOT).endsWith("/sse")
                ? warning(
                        "transport",
                        "The URL looks like the old HTTP+SSE transport, which providers are switching off.",
                        "Look in the provider's documentation for a newer URL; it often ends in /mcp instead of /sse.")
                : note("transport", "The server says only after authorization which revision of MCP it speaks.");
    }

    private static Fact[] facts(Spoken spoken) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("MCP revision", spoken.revision()));
        if (spoken.name() != null) {
            facts.add(new Fact("Server", spoken.name() + (spoken.version() == null ? "" : " " + spoken.version())));
        }
        return facts.toArray(Fact[]::new);
    }

    private static @Nullable Finding tools(Seen seen) {
        Integer tools = seen.tools();
        if (tools == null) {
            Failure failure = seen.failure();
            return seen.spoken() == null || failure == null
                    ? null
                    : problem(
                            "tools",
                            Mender.PROVIDER,
                            failure.code(),
                            sentence(failure),
                            "Ask the provider whether this is the address of a server that offers tools.");
        }
        if (tools == 0) {
            return warning(
                    "tools",
                    "The server lists no tools to somebody without a credential.",
                    "Connect and look whether there are some then.");
        }
        Fact count = new Fact(
                "Tools", seen.dropped() == 0 ? "" + tools : tools + ", and " + seen.dropped() + " unfit for use");
        return seen.access() == Access.LISTS_FOR_EVERYBODY
                ? ok("tools", "The tools are listed without a credential.", count)
                : null;
    }

    /** Failures of some modules come without a full stop, because more is put behind them. */
    static String sentence(Failure failure) {
        String text = failure.detail().strip();
        return text.matches("(?s).*[.!?…]") ? text : text + ".";
    }
}
