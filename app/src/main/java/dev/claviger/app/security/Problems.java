package dev.claviger.app.security;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Answers programs that are not let in, as {@code application/problem+json} (RFC 9457). */
@Component
class Problems {

    private final JsonMapper json;

    Problems(JsonMapper json) {
        this.json = json;
    }

    /** @param challenge parameters of the {@code Bearer} challenge (RFC 6750 section 3); empty: none */
    void write(HttpServletResponse response, HttpStatus status, String detail, String challenge) throws IOException {
        response.setStatus(status.value());
        response.setHeader(
                "WWW-Authenticate", "Bearer realm=\"claviger\"" + (challenge.isEmpty() ? "" : ", " + challenge));
        write(response, status, detail);
    }

    /** Tells a program to wait (RFC 6585, section 4). */
    void tooMany(HttpServletResponse response, String detail, Duration wait) throws IOException {
        response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
        response.setHeader("Retry-After", Long.toString(wait.toSeconds() + 1));
        write(response, HttpStatus.TOO_MANY_REQUESTS, detail);
    }

    /** Tells an agent that its key is right and that an admin has frozen it (RFC 4918, section 11.3). */
    void frozen(HttpServletResponse response) throws IOException {
        response.setStatus(HttpStatus.LOCKED.value());
        write(
                response,
                HttpStatus.LOCKED,
                "An admin has frozen this agent, so it is told nothing; its key is valid and works again after the thaw.");
    }

    private void write(HttpServletResponse response, HttpStatus status, String detail) throws IOException {
        response.setContentType("application/problem+json");
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.getWriter()
                .write(json.writeValueAsString(
                        Map.of("status", status.value(), "title", status.getReasonPhrase(), "detail", detail)));
    }
}
