/** The page, the API and the command line of the master keys. Begin with {@code KeysPage}. */
@NullMarked
package dev.claviger.app.keys;

import org.jspecify.annotations.NullMarked;
