package dev.claviger.credentials.outbound;

/**
 * Spring application event: an effect tried for the last time. Its failure command has been sent; this is for the page of
 * jobs.
 *
 * @param effect the name, {@code module.verb-noun}
 * @param instance the identifier of what it worked for
 * @param cause in words, without remote text
 */
public record EffectGaveUp(String effect, String instance, int attempts, String cause) {}
