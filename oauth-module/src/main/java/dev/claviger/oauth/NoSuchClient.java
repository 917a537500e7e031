package dev.claviger.oauth;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** None of our clients is in force under this id. HTTP 404. */
final class NoSuchClient extends ResponseStatusException {
    NoSuchClient() {
        super(HttpStatus.NOT_FOUND, "No client in force has this id; look at the list of client registrations.");
    }
}
