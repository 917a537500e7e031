package dev.claviger.app.security;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.stereotype.Component;

/** Ends the sessions of a person whose rights or password have changed. */
@Component
class Sessions {

    private final ObjectProvider<FindByIndexNameSessionRepository<?>> sessions;
    private final People people;

    Sessions(ObjectProvider<FindByIndexNameSessionRepository<?>> sessions, People people) {
        this.sessions = sessions;
        this.people = people;
    }

    /**
     * @param name in any case; the sessions are stored under the name as the person has it
     * @param except the session that goes on; null: none does
     */
    void end(String name, @Nullable String except) {
        String stored = people.find(name).map(People.Person::name).orElse(name);
        sessions.ifAvailable(repository -> repository.findByPrincipalName(stored).keySet().stream()
                .filter(id -> !id.equals(except))
                .forEach(repository::deleteById));
    }
}
