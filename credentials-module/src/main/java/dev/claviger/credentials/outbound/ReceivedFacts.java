package dev.claviger.credentials.outbound;

import dev.claviger.credentials.api.TraceQuery.Part;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes down what an answer says: the names of everything, the values of what is no secret. */
final class ReceivedFacts {

    private static final Set<String> HEADERS =
            Set.of("content-type", "content-length", "content-encoding", "retry-after", "mcp-protocol-version");
    private static final Set<String> NAMED_HEADERS = Set.of("mcp-session-id", "set-cookie");

    private static final Set<String> CHALLENGE =
            Set.of("realm", "error", "error_description", "error_uri", "resource_metadata", "scope", "resource");

    /** Possessive: a challenge that leads nowhere is not looked at twice. */
    private static final Pattern PARAMETER =
            Pattern.compile("([A-Za-z_]{1,40})\\s*+=\\s*+(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|([^\\s,\"]++))");

    private static final int LONGEST_CHALLENGE = 2048;

    private static final Set<String> MEMBERS = Set.of(
            "issuer",
            "resource",
            "authorization_servers",
            "bearer_methods_supported",
            "scopes_supported",
            "code_challenge_methods_supported",
            "response_types_supported",
            "response_modes_supported",
            "grant_types_supported",
            "authorization_grant_profiles_supported",
            "token_endpoint_auth_methods_supported",
            "token_endpoint_auth_signing_alg_values_supported",
            "authorization_response_iss_parameter_supported",
            "client_id_metadata_document_supported",
            "require_pushed_authorization_requests",
            "client_id",
            "client_id_issued_at",
            "client_secret_expires_at",
            "client_name",
            "redirect_uris",
            "grant_types",
            "response_types",
            "token_endpoint_auth_method",
            "application_type",
            "scope",
            "token_type",
            "issued_token_type",
            "expires_in",
            "error",
            "error_description",
            "error_uri",
            "jsonrpc",
            "id",
            "method",
            "error.code",
            "error.message",
            "result.protocolVersion",
            "result.resultType",
            "result.isError",
            "result.ttlMs",
            "result.cacheScope");

    /** Values that are addresses: kept without their query, which may carry anything. */
    private static final Set<String> ADDRESSES = Set.of(
            "authorization_endpoint",
            "token_endpoint",
            "registration_endpoint",
            "revocation_endpoint",
            "introspection_endpoint",
            "userinfo_endpoint",
            "pushed_authorization_request_endpoint",
            "jwks_uri",
            "registration_client_uri");

    private ReceivedFacts() {}

    /**
     * @param said what was sent, by parameter
     * @param body its beginning
     */
    static void note(OutboundResponse head, byte[] body, Map<String, String> said, Facts facts) {
        head.headers().forEach((name, values) -> {
            if (HEADERS.contains(name)) {
                facts.add(Part.ANSWER_HEADER, name, String.join(", ", values));
            } else if (NAMED_HEADERS.contains(name)) {
                values.forEach(facts.masks()::add);
                facts.add(Part.ANSWER_HEADER, name, null);
            } else if (name.equals("location")) {
                facts.add(Part.ANSWER_HEADER, name, bare(values.get(0)));
            } else if (name.equals("www-authenticate")) {
                values.forEach(value -> challenge(value, facts));
            }
        });
        boolean stream = head.mediaType().equals("text/event-stream");
        // A tool's error may repeat arguments, and those are a person's data.
        boolean repeatsData = "tools/call".equals(said.get("method"));
        for (JsonMembers.Member member : JsonMembers.of(stream ? firstData(body) : body)) {
            member(member, repeatsData, facts);
        }
    }

    private static void challenge(String value, Facts facts) {
        String text = value.length() <= LONGEST_CHALLENGE ? value : value.substring(0, LONGEST_CHALLENGE);
        String scheme = text.strip().split("[\\s,]", 2)[0];
        facts.add(Part.CHALLENGE, "scheme", scheme);
        Matcher parameter = PARAMETER.matcher(text);
        while (parameter.find()) {
            String content = parameter.group(2) != null ? parameter.group(2) : parameter.group(3);
            boolean address = parameter.group(1).equals("resource_metadata");
            facts.add(
                    Part.CHALLENGE,
                    parameter.group(1),
                    CHALLENGE.contains(parameter.group(1)) ? address ? bare(content) : content : null);
        }
    }

    private static void member(JsonMembers.Member member, boolean repeatsData, Facts facts) {
        String value = member.value();
        if (value == null || repeatsData && member.path().equals("error.message")) {
            facts.add(Part.ANSWER_MEMBER, member.path(), null);
        } else if (MEMBERS.contains(member.path())) {
            facts.add(Part.ANSWER_MEMBER, member.path(), value);
        } else if (ADDRESSES.contains(member.path())) {
            facts.add(Part.ANSWER_MEMBER, member.path(), bare(value));
        } else {
            // What is supported is said to everybody, and said of one thing what may be told of another.
            if (!value.equals("true")
                    && !value.equals("false")
                    && !member.path().endsWith("_supported")) {
                facts.masks().add(value);
            }
            facts.add(Part.ANSWER_MEMBER, member.path(), null);
        }
    }

    /** An address without query, fragment and user-info. */
    static String bare(String address) {
        try {
            return bare(new URI(address));
        } catch (URISyntaxException e) {
            return "(not a URL)";
        }
    }

    static String bare(URI uri) {
        if (uri.isOpaque()) {
            return uri.getScheme() + ":…";
        }
        StringBuilder text = new StringBuilder();
        if (uri.getScheme() != null) {
            text.append(uri.getScheme())
                    .append("://")
                    .append(uri.getHost() == null ? "(no valid host)" : uri.getHost());
            if (uri.getPort() >= 0) {
                text.append(':').append(uri.getPort());
            }
        }
        return text.append(uri.getRawPath() == null ? "" : uri.getRawPath()).toString();
    }

    /** The first event's data, if it stands in one line. */
    private static byte[] firstData(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        for (String line : List.of(text.split("\\R", 50))) {
            if (line.startsWith("data:") && line.indexOf('{') >= 0) {
                return line.substring(5).strip().getBytes(StandardCharsets.UTF_8);
            }
        }
        return new byte[0];
    }
}
