package dev.claviger.toolsync.protocol;

/** What worked with an origin the last time: tried first, and found out anew when it fails (C87). */
public record KnownWay(Era era, Wire wire) {}
