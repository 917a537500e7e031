package dev.claviger.toolsync.protocol;

/**
 * One server-sent event that has data.
 *
 * @param type {@code message} where the stream names none
 */
record SseEvent(String type, String data) {}
