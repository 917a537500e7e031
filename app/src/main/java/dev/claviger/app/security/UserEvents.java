package dev.claviger.app.security;

import java.util.HashMap;
import java.util.Map;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/** Publishes user events in the caller's transaction, with who did it and from where. */
@Component
class UserEvents {

    private final EventGateway events;

    UserEvents(EventGateway events) {
        this.events = events;
    }

    /** As the one whose request this is. */
    void tell(UserEvent event) {
        String actor = MDC.get("actor");
        tell(event, actor == null ? "system:claviger" : actor, MDC.get("source"));
    }

    void tell(UserEvent event, String actor, @Nullable String source) {
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("actor", actor);
        if (source != null) {
            metadata.put("source", source);
        }
        String correlation = MDC.get("correlation");
        if (correlation != null) {
            metadata.put("correlation", correlation);
        }
        events.publish(new GenericEventMessage<>(event, metadata));
    }
}
