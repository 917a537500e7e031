package dev.claviger.oauth;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ResponseStatus;

/** None of our clients is in force under this id. */
@ResponseStatus(HttpStatus.NOT_FOUND)
class NoSuchClient extends RuntimeException {
    NoSuchClient() {
        super("No client in force has this id; look at the list of client registrations.");
    }
}
