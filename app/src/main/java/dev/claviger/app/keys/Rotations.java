package dev.claviger.app.keys;

import dev.claviger.credentials.api.KeyQuery.FindRotation;
import dev.claviger.credentials.api.KeyQuery.FindRotations;
import dev.claviger.credentials.api.KeyQuery.Rotation;
import dev.claviger.credentials.api.KeyQuery.RotationList;
import dev.claviger.credentials.api.KeyRotationId;
import java.util.Optional;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.stereotype.Component;

/** Asks about rotations of the master key. */
@Component
class Rotations {

    private final QueryGateway queries;

    Rotations(QueryGateway queries) {
        this.queries = queries;
    }

    RotationList list(int offset, int limit) {
        return queries.query(new FindRotations(offset, limit), ResponseTypes.instanceOf(RotationList.class))
                .join();
    }

    Optional<Rotation> find(KeyRotationId id) {
        return queries.query(new FindRotation(id), ResponseTypes.optionalInstanceOf(Rotation.class))
                .join();
    }
}
