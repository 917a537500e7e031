package dev.claviger.app;

import java.time.Instant;
import java.util.List;

/** Event processors of this process that stopped at an event. Pages lag behind until they go on. */
public interface StoppedProcessors {

    /** By name; empty when all is well. */
    List<Stopped> list();

    /**
     * @param event simple name of the event it cannot get past
     * @param error class of the failure; its message may hold data and stays in the log
     */
    record Stopped(String processor, String event, String error, Instant since, Instant lastTry) {}
}
