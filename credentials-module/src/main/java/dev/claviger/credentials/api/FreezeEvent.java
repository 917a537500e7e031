package dev.claviger.credentials.api;

import java.util.List;

/** What happened to a freeze. */
public sealed interface FreezeEvent {

    FreezeId freezeId();

    /** Nothing that {@code scopes} covers is handed out or refreshed from the commit of this event on. */
    record Frozen(FreezeId freezeId, String subject, List<FreezeScope> scopes, String reason) implements FreezeEvent {}

    /**
     * What no other freeze covers is handed out and refreshed again.
     *
     * @param scopes those of {@link Frozen}
     */
    record Thawed(FreezeId freezeId, String subject, List<FreezeScope> scopes, String reason) implements FreezeEvent {}
}
