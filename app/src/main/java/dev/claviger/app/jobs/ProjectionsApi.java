package dev.claviger.app.jobs;

import dev.claviger.app.Projections;
import dev.claviger.app.Projections.Projection;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The projections as JSON, and the order to fill one anew. */
@RestController
@RequestMapping("/api/v1/projections")
class ProjectionsApi {

    record ProjectionList(List<Projection> items) {}

    private final Projections projections;

    ProjectionsApi(Projections projections) {
        this.projections = projections;
    }

    @GetMapping
    ProjectionList list() {
        return new ProjectionList(projections.list());
    }

    /** 202: all events are being read again; 409: they are already. */
    @PostMapping("/{name}/rebuild")
    ResponseEntity<Void> rebuild(@PathVariable String name) {
        try {
            if (!projections.rebuild(name)) {
                throw new ResponseStatusException(HttpStatus.CONFLICT, "This projection is being rebuilt already.");
            }
            return ResponseEntity.accepted().build();
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(
                    HttpStatus.NOT_FOUND, "There is no such projection; GET /api/v1/projections lists them.", e);
        }
    }
}
