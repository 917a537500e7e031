package dev.claviger.oauth.protocol;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.oauth.protocol.TokenAnswer.Denied;
import dev.claviger.oauth.protocol.TokenAnswer.Tokens;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything here that reads bytes from outside, one target a class: nothing may leave it but exceptions of ours. */
final class FuzzTargets {

    private static final URI FROM = URI.create("https://as.example/x");
    private static final Secret SENT = Secret.of("dEmOsEcReT");
    private static final OutboundClient GUARD = OutboundClient.guarded(List.of(), false);

    private FuzzTargets() {}

    public static final class Challenge {
        public static void fuzzerTestOneInput(byte[] input) {
            List<String> values = List.of(text(input).split("\n", 3));
            WwwAuthenticate.parse(values);
            WwwAuthenticate.oauth(values);
            WwwAuthenticate.insufficientScope(values).ifPresent(FuzzTargets::requireScope);
        }
    }

    public static final class ResourceMetadata {
        public static void fuzzerTestOneInput(byte[] input) {
            ours(() -> {
                ProtectedResourceMetadata read = ProtectedResourceMetadata.read(response(200, input), FROM);
                requireStorable(read.toString());
            });
        }
    }

    public static final class ServerMetadata {
        public static void fuzzerTestOneInput(byte[] input) {
            ours(() -> {
                AuthorizationServerMetadata read = AuthorizationServerMetadata.read(
                        response(200, input), "https://as.example", FROM, null, input.length % 2 == 0);
                requireStorable(read.requireSafe(GUARD).toString());
            });
        }
    }

    public static final class Registration {
        public static void fuzzerTestOneInput(byte[] input) {
            ours(() -> {
                ClientRegistration read = ClientRegistration.read(
                        response(input.length % 3 == 0 ? 400 : 201, input), ClientAuthentication.BASIC, FROM);
                requireStorable(read.toString());
            });
        }
    }

    public static final class TokenResponse {
        private static final TokenEndpoint ENDPOINT = new TokenEndpoint(
                FROM,
                new ClientAuthentication("client", SENT, ClientAuthentication.BASIC),
                new RequestProfile(null, null));

        public static void fuzzerTestOneInput(byte[] input) {
            ours(() -> {
                TokenAnswer answer = ENDPOINT.read(response(input.length % 2 == 0 ? 200 : 400, input), List.of(SENT));
                if (answer instanceof Tokens tokens && tokens.scope() != null) {
                    requireScope(tokens.scope());
                }
                if (answer instanceof Denied denied) {
                    requireSecretKept(denied.error());
                    requireSecretKept(denied.description());
                }
            });
        }
    }

    public static final class AssertionResponse {
        private static final TokenExchange EXCHANGE =
                new TokenExchange(FROM, new ClientAuthentication("client", SENT, ClientAuthentication.BASIC));

        public static void fuzzerTestOneInput(byte[] input) {
            ours(() -> EXCHANGE.read(response(input.length % 2 == 0 ? 200 : 400, input), SENT));
        }
    }

    public static final class AuthorizationResponseParameters {
        public static void fuzzerTestOneInput(byte[] input) {
            String[] parts = text(input).split("&", 6);
            String[] names = {"state", "code", "iss", "error", "error_description", "state"};
            Map<String, String[]> parameters = new java.util.HashMap<>();
            for (int i = 0; i < parts.length; i++) {
                parameters.merge(names[i], new String[] {parts[i]}, (one, other) -> new String[] {one[0], other[0]});
            }
            ours(() -> {
                AuthorizationResponse response = AuthorizationResponse.of(parameters);
                response.requireIssuer("https://as.example", input.length % 2 == 0);
                response.requireCode("as.example");
            });
        }
    }

    /** A whole discovery, all of whose answers are the fuzzer's. */
    public static final class WholeDiscovery {
        public static void fuzzerTestOneInput(byte[] input) {
            ours(() -> requireStorable(new Discovery(new Played(input))
                    .discover("https://mcp.example/mcp")
                    .toString()));
        }
    }

    public static final class Address {
        public static void fuzzerTestOneInput(byte[] input) {
            URI uri;
            try {
                uri = URI.create(text(input));
            } catch (IllegalArgumentException e) {
                return;
            }
            ours(() -> {
                GUARD.check(uri);
                if (!"https".equalsIgnoreCase(uri.getScheme()) || uri.getRawUserInfo() != null) {
                    throw new IllegalStateException("Passed the guard: " + uri);
                }
            });
        }
    }

    /** Answers every request with the next part of what the fuzzer wrote: a line for the head, then the body. */
    private static final class Played implements OutboundClient {
        private final String[] parts;
        private int next;

        Played(byte[] input) {
            parts = text(input).split("\u0001");
        }

        @Override
        public OutboundResponse send(OutboundRequest request) {
            if (next > 200) {
                throw new IllegalStateException("Asks without end");
            }
            String part = parts[next++ % parts.length];
            int line = part.indexOf('\n');
            String head = line < 0 ? "" : part.substring(0, line);
            int status = head.startsWith("4") ? 401 : head.startsWith("5") ? 404 : 200;
            return new OutboundResponse(
                    status,
                    Map.of("content-type", List.of("application/json"), "www-authenticate", List.of(head)),
                    part.substring(line + 1).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public <T> T stream(OutboundRequest request, Reader<T> reader) {
            OutboundResponse whole = send(request);
            try {
                return reader.read(
                        new OutboundResponse(whole.status(), whole.headers(), new byte[0]),
                        new ByteArrayInputStream(whole.body()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void check(URI uri) {
            GUARD.check(uri);
        }
    }

    private static void ours(Runnable parser) {
        try {
            parser.run();
        } catch (Refused | Untrusted | Unreachable e) {
            requireHarmless(e.getMessage());
        }
    }

    /** Of an answer to a request that carried a secret. */
    private static void requireSecretKept(@Nullable String shown) {
        requireHarmless(shown);
        if (shown != null && shown.contains("dEmOsEcReT")) {
            throw new IllegalStateException("Repeats a secret");
        }
    }

    /** What reaches an event or a page: no character that a database refuses, nothing endless. */
    private static void requireHarmless(@Nullable String shown) {
        if (shown != null) {
            requireStorable(shown);
            if (shown.length() > 5_000) {
                throw new IllegalStateException("Shows " + shown.length() + " characters");
            }
        }
    }

    private static void requireStorable(String kept) {
        if (kept.codePoints().anyMatch(point -> point == 0 || Character.getType(point) == Character.SURROGATE)) {
            throw new IllegalStateException("No database keeps this");
        }
    }

    private static void requireScope(String scope) {
        if (!Arrays.stream(scope.split(" ")).allMatch(token -> token.matches("[\\x21\\x23-\\x5B\\x5D-\\x7E]+"))) {
            throw new IllegalStateException("Not a scope: " + scope);
        }
    }

    private static OutboundResponse response(int status, byte[] body) {
        return new OutboundResponse(status, Map.of("content-type", List.of("application/json")), body);
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }
}
