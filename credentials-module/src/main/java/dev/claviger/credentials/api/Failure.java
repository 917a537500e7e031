package dev.claviger.credentials.api;

/**
 * What went wrong, for events and pages.
 *
 * @param code stable code with a help page, {@code CLV-…}; see {@link FailureCode}
 * @param detail one sentence in our words with the facts of this case; remote text in it is shortened, never secret, and
 *     absent when the source is not trusted
 */
public record Failure(FailureCode code, String detail) {}
