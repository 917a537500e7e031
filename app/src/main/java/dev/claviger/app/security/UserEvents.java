package dev.claviger.app.security;

import java.util.Map;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/** Publishes user events in the caller's transaction; who did it and from where comes from the request. */
@Component
class UserEvents {

    private final EventGateway events;

    UserEvents(EventGateway events) {
        this.events = events;
    }

    void tell(UserEvent event) {
        String actor = MDC.get("actor");
        tell(event, actor == null ? "system:claviger" : actor);
    }

    /** For those whom the request does not know yet, or no more. */
    void tell(UserEvent event, String actor) {
        events.publish(new GenericEventMessage<>(event, Map.of("actor", actor)));
    }
}
