/** The keeper of the keys; each package below is a module. Begin with the README. */
@NullMarked
package dev.claviger;

import org.jspecify.annotations.NullMarked;
