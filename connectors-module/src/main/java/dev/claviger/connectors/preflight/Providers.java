package dev.claviger.connectors.preflight;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.claviger.oauth.api.AuthorizationPreflight;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What is known of providers, from {@code providers.json}; found by the names of hosts, never by what a server says. */
final class Providers {

    /**
     * @param hosts of MCP servers, each also standing for its subdomains
     * @param issuers hosts of authorization servers, the same way
     * @param checked month of the last look, for example {@code 2026-11}
     * @param auth what to connect with where it is not OAuth: {@code bearer} or {@code api_key_header}
     * @param registration null: nothing to say
     * @param redirect null: nothing to say
     * @param refresh null: nothing to say
     * @param resource null: nothing to say
     * @param notes sentences of ours
     */
    record Provider(
            String name,
            List<String> hosts,
            List<String> issuers,
            String checked,
            @Nullable String auth,
            @Nullable Registration registration,
            @Nullable Redirect redirect,
            @Nullable Refresh refresh,
            @Nullable Resource resource,
            List<String> notes) {

        @SuppressWarnings({"NullAway", "ConstantValue"}) // Absent lists are null in Jackson's hands.
        Provider {
            hosts = hosts == null ? List.of() : List.copyOf(hosts);
            issuers = issuers == null ? List.of() : List.copyOf(issuers);
            notes = notes == null ? List.of() : List.copyOf(notes);
        }
    }

    enum Registration {
        /** Clients are made by hand at the provider. */
        @JsonProperty("by-hand")
        BY_HAND,
        /** Registration is published, but only for clients that the provider let in before. */
        @JsonProperty("gated")
        GATED
    }

    enum Redirect {
        @JsonProperty("loopback-only")
        LOOPBACK_ONLY,
        /** Only hosts on the provider's list. */
        @JsonProperty("listed")
        LISTED,
        @JsonProperty("no-loopback")
        NO_LOOPBACK,
        /** {@code localhost}, but no loopback address. */
        @JsonProperty("localhost-by-name")
        LOCALHOST_BY_NAME
    }

    enum Refresh {
        /** A refresh token is good once; the next one comes with the answer. */
        @JsonProperty("rotating")
        ROTATING,
        @JsonProperty("none")
        NONE,
        /** Only with the scope {@code offline_access}. */
        @JsonProperty("offline-access")
        OFFLINE_ACCESS
    }

    /** What becomes of the parameter {@code resource} (RFC 8707). */
    enum Resource {
        @JsonProperty("refused")
        REFUSED,
        @JsonProperty("ignored")
        IGNORED,
        /** {@code audience} is expected in its place. */
        @JsonProperty("audience")
        AUDIENCE
    }

    private final List<Provider> all;

    private Providers(List<Provider> all) {
        this.all = all;
    }

    static Providers known() {
        try (InputStream file = Providers.class.getResourceAsStream("/providers.json")) {
            return new Providers(List.of(JsonMapper.shared()
                    .readValue(
                            Objects.requireNonNull(file, "providers.json is not on the class path"),
                            Provider[].class)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Provider> all() {
        return all;
    }

    /** Those that have to do with this MCP server, then those with its authorization server. */
    List<Provider> of(String url, AuthorizationPreflight.@Nullable Server server) {
        String host = host(url);
        String issuer = server == null ? "" : host(server.issuer());
        return Stream.concat(
                        all.stream().filter(provider -> covers(provider.hosts(), host)),
                        all.stream().filter(provider -> covers(provider.issuers(), issuer)))
                .distinct()
                .toList();
    }

    private static boolean covers(List<String> suffixes, String host) {
        return suffixes.stream().anyMatch(suffix -> host.equals(suffix) || host.endsWith("." + suffix));
    }

    private static String host(String url) {
        try {
            String host = URI.create(url).getHost();
            return host == null ? "" : host.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
