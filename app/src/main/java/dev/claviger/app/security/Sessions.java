package dev.claviger.app.security;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.stereotype.Component;

/** Ends the sessions of a person whose rights or password have changed. */
@Component
class Sessions {

    private final ObjectProvider<FindByIndexNameSessionRepository<?>> sessions;

    Sessions(ObjectProvider<FindByIndexNameSessionRepository<?>> sessions) {
        this.sessions = sessions;
    }

    /** @param except the session that goes on; null: none does */
    void end(String name, @Nullable String except) {
        sessions.ifAvailable(repository -> repository.findByPrincipalName(name).keySet().stream()
                .filter(id -> !id.equals(except))
                .forEach(repository::deleteById));
    }
}
