package dev.claviger.app.keys;

import dev.claviger.credentials.api.KeyQuery.Rotation;
import dev.claviger.credentials.api.KeyQuery.RotationList;
import dev.claviger.credentials.api.KeyRotationId;
import dev.claviger.credentials.api.KeyRotations;
import dev.claviger.credentials.api.MasterKeyStatus;
import dev.claviger.credentials.api.PrefixedId;
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

/** Admin API: the master keys, and their rotations. */
@RestController
@RequestMapping("/api/v1/keys")
class KeysApi {

    private final MasterKeyStatus keys;
    private final KeyRotations keyRotations;
    private final Rotations rotations;

    KeysApi(MasterKeyStatus keys, KeyRotations keyRotations, Rotations rotations) {
        this.keys = keys;
        this.keyRotations = keyRotations;
        this.rotations = rotations;
    }

    record KeyList(List<MasterKey> items) {}

    /** @param dryRun true: only tries whether every data key opens, and counts; otherwise the data keys are wrapped anew */
    record RotationWish(@Nullable Boolean dryRun) {}

    /** The current key first, then the others that are configured, then those that are not and yet wrap something. */
    @GetMapping
    KeyList list() {
        return new KeyList(MasterKey.all(keys, keyRotations));
    }

    /**
     * The newest first.
     *
     * @param limit 1 to 1,000
     */
    @GetMapping("/rotations")
    RotationList rotations(
            @RequestParam(defaultValue = "0") int offset, @RequestParam(defaultValue = "100") int limit) {
        return rotations.list(offset, limit);
    }

    @GetMapping("/rotations/{id}")
    Rotation rotation(@PathVariable String id) {
        return found(id(id));
    }

    /**
     * Wraps the data keys of all live secrets anew with the current master key, in the background. 202 with where it
     * stands; 409 while another one runs. Without a body it does what <code>{"dryRun": false}</code> does.
     */
    @PostMapping("/rotations")
    ResponseEntity<Rotation> begin(@RequestBody(required = false) @Nullable RotationWish wish) {
        KeyRotationId id = keyRotations.begin(wish != null && Boolean.TRUE.equals(wish.dryRun()));
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/keys/rotations/" + id.value()))
                .body(found(id));
    }

    private Rotation found(KeyRotationId id) {
        return rotations
                .find(id)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such rotation."));
    }

    /** The bare UUID does as well as the prefixed form. */
    private static KeyRotationId id(String text) {
        try {
            return new KeyRotationId(
                    text.contains(":") ? PrefixedId.parse("key-rotation", text) : UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such rotation.");
        }
    }
}
