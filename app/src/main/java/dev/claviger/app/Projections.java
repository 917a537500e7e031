package dev.claviger.app;

import java.util.List;

/** The tables that follow the events at a distance, and how to fill them anew from all events. */
public interface Projections {

    /**
     * One projection, in all processes together.
     *
     * @param name of its processing group, for example {@code connectors-views}
     * @param rebuilding whether events from before are being read again, here or by another process
     * @param read how far its slowest part has come; a position in the event store
     * @param of the position of the newest event
     * @param trouble why the last rebuild asked for here did not begin; empty: it did, or none was asked for
     */
    record Projection(String name, boolean rebuilding, long read, long of, String trouble) {

        /** 0 to 100. */
        public int percent() {
            return of <= 0 ? 100 : (int) Math.min(100, 100 * Math.max(0, read) / of);
        }
    }

    /** By name. */
    List<Projection> list();

    /**
     * Begins to read all events again into one projection, in the background. Other processes let go of it first and help
     * as soon as it has begun.
     *
     * @return false when it is being rebuilt already
     * @throws IllegalArgumentException when there is no such projection
     */
    boolean rebuild(String name);
}
