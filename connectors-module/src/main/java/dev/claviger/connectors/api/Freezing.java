package dev.claviger.connectors.api;

import dev.claviger.credentials.api.FreezeId;
import java.util.List;

/** Freezing what admins know: everything, an issuer, a connector, an agent. */
public interface Freezing {

    /**
     * What a freeze stops, as things stand.
     *
     * @param name of the subject, for people
     * @param credentials of live connections, and of those under way
     * @param connectors that hand out nothing any more, to some agent at least
     * @param agents that get nothing any more, of some connector at least
     */
    record Affected(FreezeSubject subject, String name, int credentials, int connectors, int agents) {}

    /** Names of the subjects, in their order; of one that is gone its printed form. */
    List<String> names(List<FreezeSubject> subjects);

    /**
     * Every issuer that a live connection is from, as its server names it and as its credential knows it; for endpoints that
     * were entered, the origin of the token endpoint.
     */
    List<String> issuers();

    /** @throws ConnectorRejected when there is no such connector or agent */
    Affected affected(FreezeSubject subject);

    /**
     * Freezes, with connections under way and those to come. The same id twice does nothing.
     *
     * @param reason why, in a person's words; at most 500 characters
     * @throws ConnectorRejected when there is no such connector or agent
     * @throws dev.claviger.credentials.api.FreezeRejected when it cannot be
     */
    void freeze(FreezeId id, FreezeSubject subject, String reason);
}
