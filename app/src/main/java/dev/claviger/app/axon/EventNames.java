package dev.claviger.app.axon;

import dev.claviger.app.security.UserEvent;
import dev.claviger.connectors.api.AgentEvent;
import dev.claviger.connectors.api.ConnectorEvent;
import dev.claviger.credentials.api.CredentialEvent;
import dev.claviger.credentials.api.FreezeEvent;
import dev.claviger.credentials.api.KeyRotationEvent;
import dev.claviger.credentials.api.VaultEvent;
import dev.claviger.oauth.api.AuthorizationEvent;
import dev.claviger.oauth.api.ClientRegistrationEvent;
import dev.claviger.oauth.api.SigningKeyEvent;
import dev.claviger.toolsync.api.HealthEvent;
import dev.claviger.toolsync.api.ToolCatalogEvent;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The name under which an event is stored: its module and its simple name, {@code credentials.TokenIssued}. Classes may
 * move between packages; a name never changes.
 */
final class EventNames {

    private static final Map<String, Class<?>> BY_NAME = Stream.of(
                    CredentialEvent.class,
                    FreezeEvent.class,
                    KeyRotationEvent.class,
                    VaultEvent.class,
                    AuthorizationEvent.class,
                    ClientRegistrationEvent.class,
                    SigningKeyEvent.class,
                    ToolCatalogEvent.class,
                    HealthEvent.class,
                    ConnectorEvent.class,
                    AgentEvent.class,
                    UserEvent.class,
                    ProjectionEvent.class)
            .flatMap(kind -> Stream.of(kind.getPermittedSubclasses()))
            .collect(Collectors.toUnmodifiableMap(EventNames::name, Function.identity()));

    private static final Map<Class<?>, String> BY_CLASS =
            BY_NAME.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private EventNames() {}

    /** Every event that is stored, by its name. */
    static Map<String, Class<?>> all() {
        return BY_NAME;
    }

    /** The stored name; of a class that is no event of ours, the class name. */
    static String nameOf(Class<?> type) {
        return BY_CLASS.getOrDefault(type, type.getName());
    }

    /** The class name behind a stored name. */
    static String classNameOf(String name) {
        Class<?> type = BY_NAME.get(name);
        return type == null ? name : type.getName();
    }

    private static String name(Class<?> event) {
        return event.getPackageName().split("\\.")[2] + "." + event.getSimpleName();
    }
}
