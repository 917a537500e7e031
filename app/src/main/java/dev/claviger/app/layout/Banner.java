package dev.claviger.app.layout;

import java.util.Optional;

/** Something that everybody must know now; shown at the top of every page. */
public interface Banner {

    /** One sentence that says what is wrong and what to do, or nothing. Asked for every page: answer from memory. */
    Optional<String> text();
}
