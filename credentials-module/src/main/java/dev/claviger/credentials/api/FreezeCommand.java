package dev.claviger.credentials.api;

import java.util.Collection;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** Stops hand-outs and refreshes in an emergency, and lets them go on. Nothing is lost by either. */
public sealed interface FreezeCommand {

    FreezeId freezeId();

    /**
     * From its commit on, on every node, nothing it covers is handed out or refreshed. Freezes overlap: each is thawed by
     * itself. Repeating it does nothing.
     *
     * @param subject what is frozen, in the sender's terms, for whoever reads it later: {@code everything}, {@code
     *     issuer:<issuer>}, {@code connector:<uuid>}, {@code agent:<uuid>}
     * @param scopes what it covers; none: nothing here, the sender keeps to it alone
     * @param reason why, in a person's words; at most 500 characters
     */
    record FreezeCredentials(
            @TargetAggregateIdentifier FreezeId freezeId, String subject, Collection<FreezeScope> scopes, String reason)
            implements FreezeCommand {}

    /**
     * Ends the freeze; what was refreshed ahead before is again. Repeating it does nothing, an unknown freeze is refused.
     *
     * @param reason why, in a person's words; at most 500 characters
     */
    record Thaw(@TargetAggregateIdentifier FreezeId freezeId, String reason) implements FreezeCommand {}
}
