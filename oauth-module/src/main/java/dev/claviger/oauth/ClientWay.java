package dev.claviger.oauth;

import java.util.Optional;

/**
 * How to come to a client at an authorization server, in the order of C14, and why so.
 *
 * @param reason a sentence
 */
record ClientWay(Kind kind, String reason) {

    enum Kind {
        ENTERED,
        METADATA_DOCUMENT,
        REGISTRATION,
        NONE
    }

    /**
     * @param entered whether an admin entered a client
     * @param readsDocuments whether the server takes the URL of a metadata document for a client id
     * @param documentProblem why it could not read ours
     * @param registers whether it registers clients
     */
    static ClientWay choose(
            boolean entered, boolean readsDocuments, Optional<String> documentProblem, boolean registers) {
        if (entered) {
            return new ClientWay(Kind.ENTERED, "An admin entered it.");
        }
        if (readsDocuments && documentProblem.isEmpty()) {
            return new ClientWay(
                    Kind.METADATA_DOCUMENT,
                    "Nobody entered a client, and the authorization server reads client metadata documents.");
        }
        String document = readsDocuments
                ? "The authorization server would read our client metadata document, but cannot: "
                        + documentProblem.orElse("")
                : "The authorization server does not read client metadata documents.";
        return registers
                ? new ClientWay(Kind.REGISTRATION, "It registers clients. " + document)
                : new ClientWay(Kind.NONE, "Nobody entered a client. " + document + " It does not register clients.");
    }
}
