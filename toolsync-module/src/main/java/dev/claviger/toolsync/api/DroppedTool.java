package dev.claviger.toolsync.api;

/**
 * A tool that a server listed and that is not used.
 *
 * @param name as listed, shortened and without control characters; untrusted text
 * @param reason a sentence of ours
 */
public record DroppedTool(String name, String reason) {}
