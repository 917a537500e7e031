package dev.claviger.app.axon;

/** What happened to projections; for the audit trail. */
public sealed interface ProjectionEvent {

    /** The processing group. */
    String name();

    /** Somebody wants all events read again into this projection. */
    record RebuildRequested(String name) implements ProjectionEvent {}
}
