package dev.claviger.connectors;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

/** What the address names does not exist. */
@ResponseStatus(HttpStatus.NOT_FOUND)
final class NotFound extends RuntimeException {

    NotFound() {
        this("There is nothing at this address. It may have been removed; the audit trail still tells its history.");
    }

    NotFound(String message) {
        super(message);
    }
}
