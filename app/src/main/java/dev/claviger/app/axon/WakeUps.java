package dev.claviger.app.axon;

import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/** Who wants to know that there are new events: every open stream on this node, and the one who tells the other nodes. */
final class WakeUps {

    private final Set<Runnable> streams = new CopyOnWriteArraySet<>();
    private volatile Runnable otherNodes = () -> {};

    void register(Runnable stream) {
        streams.add(stream);
    }

    void forget(Runnable stream) {
        streams.remove(stream);
    }

    void tellOtherNodesBy(Runnable teller) {
        otherNodes = teller;
    }

    /** Events were committed here. */
    void committed() {
        wakeStreams();
        otherNodes.run();
    }

    /** Events may have been committed anywhere. */
    void wakeStreams() {
        streams.forEach(Runnable::run);
    }
}
