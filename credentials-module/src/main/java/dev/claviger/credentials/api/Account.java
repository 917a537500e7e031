package dev.claviger.credentials.api;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who we are at a provider, as it told. Text from outside, never shortened: what is too long or unprintable is left out.
 * Names and e-mail addresses are personal data.
 *
 * @param source who told
 * @param issuer whose {@code subject} it is, byte for byte; of a tool the URL of its server
 * @param subject {@code sub} (OpenID Connect Core section 2), 1 to 255 ASCII characters; of a tool the id that it names, or
 *     the next best, 1 to 255 characters
 * @param email not one that the provider says is unverified
 * @param username {@code preferred_username}
 * @param tool the name of the tool that told; null: it was none
 */
public record Account(
        Source source,
        String issuer,
        String subject,
        @Nullable String email,
        @Nullable String username,
        @Nullable String name,
        @Nullable String tool) {

    /** As no tool told it. */
    public Account(
            Source source,
            String issuer,
            String subject,
            @Nullable String email,
            @Nullable String username,
            @Nullable String name) {
        this(source, issuer, subject, email, username, name, null);
    }

    /** Who told. */
    public enum Source {
        /** OpenID Connect Core section 3.1.3.7. */
        ID_TOKEN,
        /** OpenID Connect Core section 5.3. */
        USERINFO,
        /** A tool of the MCP server that an admin chose for it. */
        TOOL
    }

    /** Whether it is the same person at the same provider, whatever the person is called now. */
    public boolean isSameAs(Account other) {
        return issuer.equals(other.issuer) && subject.equals(other.subject);
    }

    /** Whether an admin means this account: its subject, e-mail address or user name, letter by letter. */
    public boolean isCalled(String expected) {
        return Stream.of(subject, email, username).anyMatch(expected::equals);
    }

    /** What people know it by: the e-mail address, or the next best. */
    public String shown() {
        return Stream.of(email, username, name, subject)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(subject);
    }
}
