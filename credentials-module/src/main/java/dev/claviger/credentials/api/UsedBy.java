package dev.claviger.credentials.api;

import org.jspecify.annotations.Nullable;

/**
 * Who asks for a credential and what for; written down before the answer.
 *
 * @param actor the agent ({@code agent:<uuid>}) or our own piece ({@code system:toolsync})
 * @param purpose a few words: {@code headers}, {@code tools/list}
 */
public record UsedBy(String actor, String purpose, @Nullable String sourceAddress) {}
