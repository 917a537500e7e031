package dev.claviger.app.security;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        response.setContentType("application/problem+json");
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.getWriter()
                .write(json.writeValueAsString(
                        Map.of("status", status.value(), "title", status.getReasonPhrase(), "detail", detail)));
    }
}
