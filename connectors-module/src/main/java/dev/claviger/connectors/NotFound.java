package dev.claviger.connectors;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** What the address names does not exist; the message is for the page. HTTP 404. */
final class NotFound extends ResponseStatusException {

    NotFound() {
        this("There is nothing at this address. It may have been removed; the audit trail still tells its history.");
    }

    NotFound(String message) {
        super(HttpStatus.NOT_FOUND, message);
    }

    /** The sentence alone, without the status in front of it. */
    String sentence() {
        return String.valueOf(getReason());
    }
}
