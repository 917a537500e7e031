package dev.claviger.oauth.protocol;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads challenges: several schemes, in one header or many, with or without parameters.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1">RFC 9110 section 11.6.1</a>
 */
public final class WwwAuthenticate {

    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final String TOKEN68_MARKS = "-._~+/";

    private final String text;
    private int at;

    private WwwAuthenticate(String text) {
        this.text = text;
    }

    /**
     * @param scheme as received
     * @param parameters by lower-case name; of a repeated one the first
     */
    public record Challenge(String scheme, Map<String, String> parameters) {

        public @Nullable String parameter(String name) {
            return parameters.get(name);
        }
    }

    /** All challenges in order. What fits no grammar is skipped up to the next comma. */
    public static List<Challenge> parse(Collection<String> headerValues) {
        List<Challenge> challenges = new ArrayList<>();
        for (String value : headerValues) {
            new WwwAuthenticate(value).readInto(challenges);
        }
        return challenges;
    }

    /** The challenge that speaks of OAuth: one that names resource metadata, else the first Bearer. */
    public static Optional<Challenge> oauth(Collection<String> headerValues) {
        List<Challenge> challenges = parse(headerValues);
        Optional<Challenge> naming = challenges.stream()
                .filter(challenge -> challenge.parameters().containsKey("resource_metadata"))
                .findFirst();
        return naming.isPresent()
                ? naming
                : challenges.stream()
                        .filter(challenge -> challenge.scheme().equalsIgnoreCase("Bearer"))
                        .findFirst();
    }

    /**
     * The scope that a challenge with {@code error="insufficient_scope"} asks for; empty where there is none, or none that
     * is made of scope characters.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-3.1">RFC 6750 section 3.1</a>
     */
    public static Optional<String> insufficientScope(Collection<String> headerValues) {
        return parse(headerValues).stream()
                .filter(challenge -> "insufficient_scope".equals(challenge.parameter("error")))
                .map(challenge -> challenge.parameter("scope"))
                .map(Remote::challenged)
                .filter(Objects::nonNull)
                .findFirst();
    }

    private void readInto(List<Challenge> challenges) {
        @Nullable Map<String, String> parameters = null;
        while (true) {
            skip(" \t,");
            if (at >= text.length()) {
                return;
            }
            String word = token();
            if (word.isEmpty()) {
                skipToComma();
                continue;
            }
            int afterWord = at;
            skip(" \t");
            if (parameters != null && peek() == '=') {
                at++;
                skip(" \t");
                parameters.putIfAbsent(word.toLowerCase(Locale.ROOT), value());
                continue;
            }
            parameters = new LinkedHashMap<>();
            challenges.add(new Challenge(word, parameters));
            if (at > afterWord) {
                skipToken68();
            }
        }
    }

    private String value() {
        if (peek() != '"') {
            return token();
        }
        StringBuilder quoted = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                break;
            }
            if (c == '\\' && at + 1 < text.length()) {
                c = text.charAt(++at);
            }
            quoted.append(c);
        }
        return quoted.toString();
    }

    /** {@code Negotiate YWJj==}: a value of its own, ended by a comma or the end. */
    private void skipToken68() {
        int end = at;
        while (end < text.length() && isOneOf(text.charAt(end), TOKEN68_MARKS)) {
            end++;
        }
        if (end == at) {
            return;
        }
        while (end < text.length() && text.charAt(end) == '=') {
            end++;
        }
        while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
            end++;
        }
        if (end == text.length() || text.charAt(end) == ',') {
            at = end;
        }
    }

    private String token() {
        int start = at;
        while (at < text.length() && isOneOf(text.charAt(at), TOKEN_MARKS)) {
            at++;
        }
        return text.substring(start, at);
    }

    private void skip(String characters) {
        while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void skipToComma() {
        while (at < text.length() && text.charAt(at) != ',') {
            at++;
        }
    }

    private int peek() {
        return at < text.length() ? text.charAt(at) : -1;
    }

    private static boolean isOneOf(char c, String marks) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || marks.indexOf(c) >= 0;
    }
}
