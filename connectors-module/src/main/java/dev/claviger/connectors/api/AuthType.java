package dev.claviger.connectors.api;

/** How a server wants to be spoken to. */
public enum AuthType {
    NONE,
    BEARER,
    API_KEY_HEADER,
    OAUTH
}
