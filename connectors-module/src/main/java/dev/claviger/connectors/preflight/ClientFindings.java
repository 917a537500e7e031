package dev.claviger.connectors.preflight;

import static dev.claviger.connectors.preflight.Finding.note;
import static dev.claviger.connectors.preflight.Finding.ok;
import static dev.claviger.connectors.preflight.Finding.problem;

import dev.claviger.connectors.preflight.Finding.Fact;
import dev.claviger.connectors.preflight.Finding.Mender;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.oauth.api.AuthorizationPreflight.Seen;
import dev.claviger.oauth.api.AuthorizationPreflight.Server;
import dev.claviger.oauth.api.ClientOrigin;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How Claviger would come to a client, and whether consent can come back to us. */
final class ClientFindings {

    private static final Set<String> LOOPBACK_ADDRESSES = Set.of("127.0.0.1", "[::1]");

    private ClientFindings() {}

    static List<Finding> of(Server server, Seen seen, List<Providers.Provider> known) {
        return List.of(registration(server, seen, known), redirectUri(seen, known), authentication(server));
    }

    private static Finding registration(Server server, Seen seen, List<Providers.Provider> known) {
        String byHand = "Register Claviger with the provider, with the redirect URI " + seen.redirectUri()
                + ", and enter the client id and secret under Advanced.";
        Providers.Registration rule = first(known, Providers.Registration.class);
        ClientOrigin way = server.client();
        if (way == null || rule == Providers.Registration.BY_HAND) {
            return problem(
                    "registration",
                    Mender.YOU,
                    FailureCode.NO_CLIENT_REGISTRATION,
                    way == null
                            ? "The authorization server does not register clients by itself."
                            : "This provider wants clients to be made by hand, whatever its metadata says.",
                    byHand);
        }
        if (rule == Providers.Registration.GATED && way == ClientOrigin.REGISTERED) {
            return problem(
                    "registration",
                    Mender.YOU,
                    FailureCode.REGISTRATION_REFUSED,
                    "The authorization server publishes registration, but registers only clients that the provider has let in.",
                    "Ask the provider to let Claviger in, or make a client by hand and enter it under Advanced.");
        }
        return way == ClientOrigin.METADATA_DOCUMENT
                ? ok("registration", "Claviger shows its Client ID Metadata Document; nothing is registered.")
                : ok("registration", "Claviger registers itself when it connects (RFC 7591).");
    }

    private static Finding redirectUri(Seen seen, List<Providers.Provider> known) {
        Fact fact = new Fact("Redirect URI", seen.redirectUri());
        String host = Objects.requireNonNullElse(URI.create(seen.redirectUri()).getHost(), "");
        boolean loopback = host.equals("localhost") || LOOPBACK_ADDRESSES.contains(host);
        if (!seen.redirectUsable()) {
            return refused(
                            "OAuth may come back over https only, or to this machine.",
                            "Set claviger.public-url to the https address under which browsers reach Claviger.")
                    .with(List.of(fact));
        }
        Finding byRule = byRule(first(known, Providers.Redirect.class), host, loopback);
        if (byRule != null) {
            return byRule.with(List.of(fact));
        }
        return loopback
                ? note(
                        "redirect-uri",
                        "Consent comes back to the machine of the browser, so it works only where Claviger runs there too.",
                        fact)
                : ok(
                        "redirect-uri",
                        "Consent comes back over https, which authorization servers accept as a rule.",
                        fact);
    }

    private static @Nullable Finding byRule(Providers.@Nullable Redirect rule, String host, boolean loopback) {
        if (rule == null) {
            return null;
        }
        return switch (rule) {
            case LOOPBACK_ONLY ->
                loopback
                        ? null
                        : refused(
                                "This provider registers clients for loopback addresses only.",
                                "Ask the provider for a reviewed client of your own, and enter it under Advanced.");
            case LISTED ->
                refused(
                        "This provider accepts only redirect URIs on its list.",
                        "Ask the provider to add the redirect URI, unless that is done, or enter a client of your own under"
                                + " Advanced.");
            case NO_LOOPBACK ->
                loopback
                        ? refused(
                                "This provider refuses loopback addresses.",
                                "Set claviger.public-url to the https address under which browsers reach Claviger.")
                        : null;
            case LOCALHOST_BY_NAME ->
                LOOPBACK_ADDRESSES.contains(host)
                        ? refused(
                                "This provider accepts localhost by name, but no loopback address.",
                                "Set claviger.public-url to the same port at http://localhost.")
                        : null;
        };
    }

    private static Finding refused(String statement, String fix) {
        return problem("redirect-uri", Mender.YOU, FailureCode.REDIRECT_URI_REFUSED, statement, fix);
    }

    private static Finding authentication(Server server) {
        Fact[] facts = server.authMethods().isEmpty()
                ? new Fact[] {
                    new Fact("token_endpoint_auth_methods_supported", "not published, which means client_secret_basic")
                }
                : new Fact[] {new Fact("token_endpoint_auth_methods_supported", String.join(" ", server.authMethods()))
                };
        String method = server.authMethod();
        return method == null
                ? problem(
                                "client-authentication",
                                Mender.PROVIDER,
                                FailureCode.NO_CLIENT_REGISTRATION,
                                "The token endpoint authenticates clients only in ways that Claviger does not know.",
                                "Ask the provider for one of client_secret_basic, client_secret_post, private_key_jwt or"
                                        + " none.")
                        .with(List.of(facts))
                : ok(
                        "client-authentication",
                        "Claviger shows itself at the token endpoint with " + method + ".",
                        facts);
    }

    private static <R> @Nullable R first(List<Providers.Provider> known, Class<R> rule) {
        return known.stream()
                .flatMap(provider -> java.util.stream.Stream.of(provider.registration(), provider.redirect()))
                .filter(rule::isInstance)
                .map(rule::cast)
                .findFirst()
                .orElse(null);
    }
}
