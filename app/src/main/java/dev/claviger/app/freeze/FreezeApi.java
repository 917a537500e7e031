package dev.claviger.app.freeze;

import dev.claviger.app.freeze.FreezeDesk.FreezeStatus;
import dev.claviger.connectors.api.FreezeSubject;
import dev.claviger.connectors.api.Freezing;
import dev.claviger.connectors.api.Freezing.Affected;
import dev.claviger.credentials.api.FreezeId;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The emergency stop for scripts: what is frozen, freeze, thaw. */
@RestController
@RequestMapping("/api/v1/freezes")
class FreezeApi {

    private static final int MOST = 200;

    /** @param thawed the latest first */
    record FreezeList(List<FreezeStatus> inForce, List<FreezeStatus> thawed) {}

    /**
     * @param id a UUID of the caller's, so that a repeated request is the same freeze; refused with 409 once that is thawed,
     *     and for another subject. Null: a new one
     * @param subject {@code everything}, {@code issuer:<issuer>}, {@code connector:<uuid>} or {@code agent:<uuid>}
     */
    record FreezeWanted(
            @Nullable UUID id,

            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String subject,

            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String reason) {}

    record ThawWanted(
            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String reason) {}

    private final FreezeDesk desk;
    private final Freezing freezing;

    FreezeApi(FreezeDesk desk, Freezing freezing) {
        this.desk = desk;
        this.freezing = freezing;
    }

    @GetMapping
    FreezeList list(@RequestParam(defaultValue = "20") int limit) {
        return new FreezeList(desk.inForce(), desk.thawed(Math.max(0, Math.min(limit, MOST))));
    }

    /** What a freeze of the subject would stop. */
    @GetMapping("/affected")
    Affected affected(@RequestParam String subject) {
        return freezing.affected(subject(subject));
    }

    @GetMapping("/{id}")
    FreezeStatus one(@PathVariable UUID id) {
        return desk.find(new FreezeId(id))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such freeze."));
    }

    /** Freezes, and answers when every process has acknowledged it, or after five seconds with those that have. */
    @PostMapping
    ResponseEntity<FreezeStatus> freeze(@RequestBody FreezeWanted wanted) {
        UUID id = wanted.id() == null ? UUID.randomUUID() : wanted.id();
        FreezeStatus status = desk.freeze(
                new FreezeId(id), subject(wanted.subject()), wanted.reason() == null ? "" : wanted.reason());
        return ResponseEntity.created(URI.create("/api/v1/freezes/" + id)).body(status);
    }

    @PostMapping("/{id}/thaw")
    FreezeStatus thaw(@PathVariable UUID id, @RequestBody ThawWanted wanted) {
        return desk.thaw(new FreezeId(id), wanted.reason() == null ? "" : wanted.reason());
    }

    private static FreezeSubject subject(@Nullable String text) {
        try {
            return FreezeSubject.parse(text == null ? "" : text);
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST,
                    "Say what to freeze: everything, issuer:<issuer>, connector:<uuid> or agent:<uuid>.");
        }
    }
}
