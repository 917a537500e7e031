package dev.claviger.app.security;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened to people and to API tokens; for the audit trail. */
public sealed interface UserEvent {

    /** What a person may do. */
    enum Role {
        /** Everything. */
        ADMIN,
        /** Reads everything, changes nothing, sees no secret. */
        AUDITOR
    }

    /** What an API token may do. */
    enum Scope {
        /** Read, as an auditor does. */
        READ,
        /** Read and change, as an admin does. */
        WRITE
    }

    /** The person or the token it is about. */
    String name();

    record PersonAdded(String name, Role role) implements UserEvent {}

    record PersonRoleChanged(String name, Role role) implements UserEvent {}

    record PersonDisabled(String name) implements UserEvent {}

    record PersonEnabled(String name) implements UserEvent {}

    /** @param byThemselves whether the person did it, rather than an admin */
    record PasswordChanged(String name, boolean byThemselves) implements UserEvent {}

    record SignedIn(String name) implements UserEvent {}

    /** @param name as typed when we know that person, otherwise its first letters: it may be a password in the wrong field */
    record SignInFailed(String name) implements UserEvent {}

    record SignedOut(String name) implements UserEvent {}

    /** @param expiresAt null: never */
    record ApiTokenIssued(
            UUID tokenId,
            String name,
            Scope scope,
            @Nullable Instant expiresAt) implements UserEvent {}

    record ApiTokenRevoked(UUID tokenId, String name) implements UserEvent {}
}
