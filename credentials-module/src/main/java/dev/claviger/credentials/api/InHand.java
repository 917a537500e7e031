package dev.claviger.credentials.api;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * Who on this node is busy with a credential. Whoever reads what is in force, and gives it away or acts on it, holds on
 * before the reading and lets go after the last step. So once everybody has let go who held on when a freeze was known
 * here, nothing from before the freeze is left.
 */
@Component
public class InHand {

    private final Set<Hold> held = ConcurrentHashMap.newKeySet();
    private final Set<Before> awaited = ConcurrentHashMap.newKeySet();

    /** One piece of work with a credential. */
    public final class Hold implements AutoCloseable {

        private Hold() {}

        @Override
        public void close() {
            held.remove(this);
        }
    }

    /** Those who held on at a moment. */
    public final class Before {

        private final Set<Hold> then;

        private Before() {
            awaited.add(this);
            then = Set.copyOf(held);
        }

        /** Whether all of them have let go. */
        public boolean isOver() {
            boolean over = then.stream().noneMatch(held::contains);
            if (over) {
                awaited.remove(this);
            }
            return over;
        }
    }

    public Hold hold() {
        Hold hold = new Hold();
        held.add(hold);
        return hold;
    }

    /** Whether somebody waits for those who hold on: then nothing may be left half done by one who lets go. */
    public boolean isAwaited() {
        return !awaited.isEmpty();
    }

    public Before now() {
        return new Before();
    }
}
