package dev.claviger.credentials.outbound;

import dev.claviger.credentials.api.TraceQuery.Part;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes down what a request says about itself: the names of everything, the values of what is no secret. */
final class SentFacts {

    private static final Set<String> HEADERS =
            Set.of("accept", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name");

    private static final Set<String> PARAMETERS = Set.of(
            "grant_type",
            "response_type",
            "resource",
            "audience",
            "scope",
            "client_id",
            "redirect_uri",
            "redirect_uris",
            "code_challenge_method",
            "token_endpoint_auth_method",
            "application_type",
            "token_type_hint",
            "client_assertion_type",
            "subject_token_type",
            "requested_token_type",
            "prompt",
            "grant_types",
            "response_types",
            "client_name",
            "jsonrpc",
            "id",
            "method",
            "params.protocolVersion",
            "params.name");

    private final Facts facts;
    /** Values by name, of the allowed ones; "" of the others. */
    private final Map<String, String> said = new HashMap<>();

    private SentFacts(Facts facts) {
        this.facts = facts;
    }

    /** Answers what the request says, by the names of its parameters. */
    static Map<String, String> note(OutboundRequest request, Facts facts) {
        SentFacts sent = new SentFacts(facts);
        request.headers().forEach((name, value) -> sent.header(name, value.reveal()));
        byte[] body = request.body();
        if (body != null) {
            String type = request.headers().entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase("Content-Type"))
                    .map(header -> header.getValue().reveal())
                    .findFirst()
                    .orElse("");
            if (type.startsWith("application/x-www-form-urlencoded")) {
                sent.form(new String(body, StandardCharsets.UTF_8));
            } else {
                JsonMembers.of(body).forEach(member -> sent.parameter(member.path(), String.valueOf(member.value())));
            }
        }
        return sent.said;
    }

    private void header(String name, String value) {
        if (HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            facts.add(Part.REQUEST_HEADER, name, value);
            return;
        }
        facts.masks().addHeader(value);
        facts.add(Part.REQUEST_HEADER, name, scheme(name, value));
    }

    private static @Nullable String scheme(String name, String value) {
        if (name.equalsIgnoreCase("Authorization")) {
            for (String scheme : List.of("Bearer", "Basic")) {
                if (value.startsWith(scheme + " ")) {
                    return scheme + " …";
                }
            }
        }
        return null;
    }

    private void form(String body) {
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameter(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
    }

    private void parameter(String name, String value) {
        if (PARAMETERS.contains(name)) {
            said.put(name, value);
            facts.add(Part.REQUEST_PARAMETER, name, value);
        } else {
            said.put(name, "");
            facts.masks().add(value);
            facts.add(Part.REQUEST_PARAMETER, name, null);
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
