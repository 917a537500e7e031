package dev.claviger.credentials;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.claviger.credentials.api.FreezeCommand.FreezeCredentials;
import dev.claviger.credentials.api.FreezeCommand.Thaw;
import dev.claviger.credentials.api.FreezeEvent.Frozen;
import dev.claviger.credentials.api.FreezeEvent.Thawed;
import dev.claviger.credentials.api.FreezeId;
import dev.claviger.credentials.api.FreezeRejected;
import dev.claviger.credentials.api.FreezeScope;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/** One freeze: in force from its beginning to its thaw, and never again. */
@Aggregate(cache = "aggregateCache")
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
class Freeze {

    private static final int LONGEST_REASON = 500;

    @AggregateIdentifier
    private @Nullable FreezeId freezeId;

    private String subject = "";
    private List<FreezeScope> scopes = new ArrayList<>();
    private boolean thawed;

    Freeze() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(FreezeCredentials command) {
        if (freezeId != null) {
            return;
        }
        command.scopes().forEach(Freeze::demandTarget);
        apply(new Frozen(
                command.freezeId(),
                command.subject(),
                List.copyOf(command.scopes()),
                reason(command.reason(), "Say why it is frozen")));
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    void handle(Thaw command) {
        if (freezeId == null) {
            throw new FreezeRejected("There is no such freeze; the page Emergency lists those in force.");
        }
        if (!thawed) {
            apply(new Thawed(
                    command.freezeId(),
                    subject,
                    List.copyOf(scopes),
                    reason(command.reason(), "Say why it may go on")));
        }
    }

    private static void demandTarget(FreezeScope scope) {
        String target = scope.target();
        boolean all = scope.kind() == FreezeScope.Kind.EVERYTHING;
        if (all ? target != null : target == null || target.isBlank()) {
            throw new FreezeRejected(all ? "Everything has no name of its own; leave it out." : "Say what to freeze.");
        }
    }

    private static String reason(String words, String wanted) {
        String reason = words.strip();
        if (reason.isEmpty() || reason.length() > LONGEST_REASON) {
            throw new FreezeRejected(wanted + ", in 1 to " + LONGEST_REASON + " characters.");
        }
        return reason;
    }

    @EventSourcingHandler
    void on(Frozen event) {
        freezeId = event.freezeId();
        subject = event.subject();
        scopes = new ArrayList<>(event.scopes());
    }

    @EventSourcingHandler
    void on(Thawed event) {
        thawed = true;
    }
}
