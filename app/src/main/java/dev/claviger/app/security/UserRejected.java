package dev.claviger.app.security;

import java.util.Map;
import org.springframework.http.HttpStatus;

/** Something about people or tokens that is not allowed; the message is for the page, and so are those by field. */
final class UserRejected extends RuntimeException {

    private final transient Map<String, String> errors;

    UserRejected(String message) {
        super(message);
        this.errors = Map.of();
    }

    UserRejected(Map<String, String> errors) {
        super(String.join(" ", errors.values()));
        this.errors = Map.copyOf(errors);
    }

    /** What is wrong, by field; empty when it is no field's fault. */
    Map<String, String> errors() {
        return errors;
    }

    HttpStatus status() {
        return errors.isEmpty() ? HttpStatus.CONFLICT : HttpStatus.UNPROCESSABLE_CONTENT;
    }
}
