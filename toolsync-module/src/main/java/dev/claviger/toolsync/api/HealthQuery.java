package dev.claviger.toolsync.api;

import dev.claviger.credentials.api.Failure;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What may be asked about the health of credentials. */
public sealed interface HealthQuery {

    /** Answers {@link HealthFactsList} for those of the ids that are watched, in no order. At most 1,000 ids. */
    record FindHealth(Collection<HealthId> healthIds) implements HealthQuery {}

    /**
     * @param state null until the first check
     * @param since when it became so; null until the first check
     * @param cause why it is not healthy
     * @param checkedAt the last check, whatever came of it
     * @param provedAt the last check that proved the credential good
     * @param dueAt the next check
     * @param proof what a listing proves at this server; null until it was found out
     */
    record HealthFacts(
            HealthId healthId,
            ToolCatalogId catalogId,
            @Nullable HealthState state,
            @Nullable Instant since,
            @Nullable Failure cause,
            @Nullable Instant checkedAt,
            @Nullable Instant provedAt,
            Instant dueAt,
            @Nullable Proof proof) {}

    /**
     * What a listing proves.
     *
     * @param without what the server did without a credential
     * @param withWrong what it did with one that nobody gave out
     * @param proves whether a listing tells a good credential from a bad one
     */
    record Proof(Sight without, Sight withWrong, boolean proves, Instant foundOutAt) {}

    /** What a server did when asked for its tools. The names are column values and stand in events. */
    enum Sight {
        /** It listed them. */
        LISTED,
        /** It listed none. */
        EMPTY,
        /** It did not. */
        REFUSED,
        /** It gave no answer to go by. */
        UNKNOWN,
        /** It was not asked. */
        NOT_TRIED
    }

    /** Collects the answer of {@link FindHealth}. */
    record HealthFactsList(List<HealthFacts> items) {}
}
