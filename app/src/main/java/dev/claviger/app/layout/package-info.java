/**
 * What every page has around it: the bar, the flash message, error pages, static files. Begin with {@code LayoutView}.
 *
 * <p>The class vocabulary of the pages stands at the top of {@code static/app.css}.
 */
@NullMarked
package dev.claviger.app.layout;

import org.jspecify.annotations.NullMarked;
