package dev.claviger.app;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says that we are there, to whoever asks: what an answer costs that needs neither a key nor the database. */
@RestController
class PingApi {

    record Pong(String answer) {}

    private static final Pong PONG = new Pong("pong");

    /** Always the same; needs no token. */
    @GetMapping("/api/v1/ping")
    Pong ping() {
        return PONG;
    }
}
