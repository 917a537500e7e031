/** The pages in a real browser: by mouse, by keyboard, without script, dark, narrow. Begin reading at {@code Visitor}. */
@org.jspecify.annotations.NullMarked
package dev.claviger.app.browser;
