package dev.claviger.connectors;

import java.util.Map;

/** Fields of a request that cannot stay so, one sentence each. HTTP 422. */
final class WrongFields extends RuntimeException {

    private final transient Map<String, String> errors;

    WrongFields(Map<String, String> errors) {
        super("Some fields cannot stay so");
        this.errors = Map.copyOf(errors);
    }

    Map<String, String> errors() {
        return errors;
    }
}
