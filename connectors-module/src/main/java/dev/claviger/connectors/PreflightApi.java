package dev.claviger.connectors;

import dev.claviger.connectors.preflight.PreflightReport;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Admin API: will Connect work with a server? */
@RestController
@RequestMapping("/api/v1/preflight")
class PreflightApi {

    /** @param url of the MCP server */
    record Body(@Nullable String url) {}

    private final Preflights preflights;

    PreflightApi(Preflights preflights) {
        this.preflights = preflights;
    }

    /** Looks at the server now and answers within 30 seconds. Registers no client and asks for no token. */
    @PostMapping
    PreflightReport check(@RequestBody Body body, Principal principal) {
        return preflights.now(principal.getName(), body.url() == null ? "" : body.url());
    }
}
